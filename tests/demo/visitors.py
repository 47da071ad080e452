"""A visitor of the running demo: reads pages, presses buttons, keeps cookies; nothing but the standard library."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
KEY = re.compile(r'name="request_key" value="([^"]+)"')
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
ROLES = re.compile(r'name="login" value="([^"]+)"><strong>([^<]+)</strong>')
MARKS = re.compile(r"<[^>]+>")


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, url):
        self.url = url
        self.page = ""
        self.status = 0
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def read(self, path):
        """Open a page and return it."""
        return self._open(urllib.request.Request(self.url + path))

    def press(self, path, **fields):
        """Press a button of the page that is open, and return the page that follows."""
        token, key = TOKEN.findall(self.page), KEY.findall(self.page)
        form = {"csrf_token": token[0], "request_key": key[0], **fields}
        body = urllib.parse.urlencode(form).encode()
        headers = {"Referer": self.url + "/", "Content-Type": "application/x-www-form-urlencoded"}
        return self._open(urllib.request.Request(self.url + path, data=body, headers=headers))

    def _open(self, request):
        with self._browser.open(request, timeout=30) as answer:
            self.status, self.page = answer.status, answer.read().decode()
        return self.page

    @property
    def heading(self):
        """The main heading of the page."""
        return MARKS.sub("", HEADING.findall(self.page)[0]).strip()

    @property
    def roles(self):
        """As whom one may enter from this page: what is said, by login."""
        return dict(ROLES.findall(self.page))
