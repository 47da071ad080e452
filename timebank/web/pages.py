"""Pages: the list of all page modules, one per audience."""

from typing import Final

from flask import Blueprint, Flask

from timebank.web import (
    activities,
    admin,
    approvals,
    attending,
    auditor,
    awards,
    badges,
    check_in,
    coordinator,
    counting,
    devices,
    evidence,
    expiring,
    health,
    helping,
    hours,
    identifying,
    importing,
    labels,
    log_files,
    looking,
    nights,
    objections,
    parking,
    persons,
    phone,
    pool,
    public,
    recommendations,
    reference,
    reservations,
    rule_changes,
    rules,
    session,
    shifts,
    star_notices,
    stock,
    stocking,
    till,
    tokens,
    training,
    volunteer,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = tuple(
    module.blueprint
    for module in (
        public,
        session,
        evidence,
        log_files,
        activities,
        volunteer,
        check_in,
        coordinator,
        expiring,
        attending,
        hours,
        importing,
        approvals,
        awards,
        recommendations,
        till,
        looking,
        identifying,
        labels,
        badges,
        phone,
        parking,
        stock,
        counting,
        reservations,
        shifts,
        stocking,
        auditor,
        admin,
        persons,
        helping,
        rules,
        rule_changes,
        star_notices,
        nights,
        objections,
        pool,
        training,
        tokens,
        reference,
        health,
        devices,
    )
)


def register(app: Flask) -> None:
    """Give the application its pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
