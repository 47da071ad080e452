"""The site of the town: its pages over a database that is put back after each test, and browsers that visit it."""

import copy
import html
import re
from contextlib import contextmanager

import sqlalchemy as sa

from tests.evidence.sites import a_site
from tests.web import town
from timebank.app import create_app
from timebank.chance import fresh_key
from timebank.database import Base, db, new_engine, reading, writing
from timebank.evidence.last_heads import LAST_HEADS_FILE
from timebank.people.queries.sights import SightFilter, sights


class Site:
    """The pages of the town: who visits them, what stands in the database, and all of it as it was after each test."""

    def __init__(self, server, template, folder):
        self.server = server
        self.template = template
        self.url = server.copied(template)
        self.app = a_site(self, folder)
        self.touched = False
        with self.app.app_context():
            self.engine = db.engine
        sa.event.listen(self.engine, "commit", self._touch)

    def _touch(self, _connection):
        self.touched = True

    def put_back(self):
        """Make the database as it was built, if anything was written."""
        if self.touched:
            self.engine.dispose()
            self.server.copied(self.template, over=self.url)
            (self.app.config["SETTINGS"].data_folder / LAST_HEADS_FILE).unlink(missing_ok=True)
            self.touched = False

    def close(self):
        """Let go of the database; whoever made it removes it."""
        self.engine.dispose()

    def visitor(self, login=None, community_id=town.XFL):
        """Somebody with a browser: signed in by login name or volunteer number, or a stranger."""
        return Visitor(self, login, community_id)

    def restarted(self):
        """Return the same site with its application made again, as after a restart."""
        again = copy.copy(self)
        again.app = create_app(self.app.config["SETTINGS"])
        return again

    @contextmanager
    def reading(self):
        """Open a session that only reads."""
        with reading(self.engine) as session:
            yield session

    def state(self):
        """Return the rows of every table, as text, but for the trail of reads: every look adds to it."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
                for table in Base.metadata.sorted_tables
                if table.name != "sight"
            }

    def sights(self):
        """Return the trail of reads, the oldest first."""
        with self.reading() as session:
            return tuple(reversed(sights(session, town.XFL, wanted=SightFilter(), limit=1000)))


class Visitor:
    """A browser at the pages. `get` and `post` answer as Flask's test client does; a post carries what forms carry."""

    def __init__(self, site, login, community_id):
        self.site = site
        self.client = site.app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["community"] = community_id
            if login is not None:
                cookie["_user_id"] = f"{community_id}.{town.secret_of(login)}"
        self._token = None

    @property
    def token(self):
        """The CSRF token of this browser."""
        if self._token is None:
            self._token = re.findall('name="csrf_token" value="([^"]+)"', self.text("/"))[0]
        return self._token

    def get(self, path, **options):
        """Ask for a page."""
        return self.client.get(path, buffered=True, **options)

    def text(self, path, **options):
        """Return the text of a page that must be there."""
        answer = self.get(path, **options)
        assert 200 == answer.status_code, (path, answer.status_code)
        return answer.get_data(as_text=True)

    def post(self, path, fields=None, *, key=None, **options):
        """Send a form with a token and a request key."""
        hidden = {"csrf_token": self.token, "request_key": key or fresh_key()}
        return self.client.post(path, data=hidden | (fields or {}), buffered=True, **options)

    def post_json(self, path, content, **options):
        """Send what the till sends."""
        return self.client.post(path, json=content, headers={"X-CSRFToken": self.token}, **options)


def said(answer):
    """Return the words of a page without its tags, blanks made one."""
    text = re.sub("<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(html.unescape(text).split())


def a_site_of_the_town(server, folder):
    """Build the town in a database of its own, and make the application over a copy of it."""
    template = server.migrated()
    engine = new_engine(template)
    with writing(engine) as session:
        town.build(session)
    engine.dispose()
    return Site(server, template, folder)
