"""Pages: the list of all page modules, one per audience."""

from typing import Final

from flask import Blueprint, Flask

from timebank.web import (
    admin,
    approvals,
    auditor,
    awards,
    badges,
    coordinator,
    counting,
    evidence,
    expiring,
    health,
    hours,
    identifying,
    log_files,
    looking,
    nights,
    parking,
    persons,
    phone,
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
    volunteer,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = tuple(
    module.blueprint
    for module in (
        public,
        session,
        evidence,
        log_files,
        volunteer,
        coordinator,
        expiring,
        hours,
        approvals,
        awards,
        recommendations,
        till,
        looking,
        identifying,
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
        rules,
        rule_changes,
        star_notices,
        nights,
        tokens,
        reference,
        health,
    )
)


def register(app: Flask) -> None:
    """Give the application its pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
