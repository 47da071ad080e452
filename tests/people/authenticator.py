"""An authenticator made of software: it makes passkeys and signs with them, as a browser would send it."""

import base64
import hashlib
import json
import secrets

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from timebank.people.passkeys import Answer, Place

HERE = Place(rp_id="localhost", origin="http://localhost")
PRESENT, VERIFIED, ATTESTED = 1, 4, 64


def written(content):
    """Write bytes as browsers do."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Authenticator:
    """One passkey of one person, whose private key stays here."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.uses = 0

    def make(self, challenge, place=HERE):
        """Answer what a page asks for a new passkey. challenge: in hex."""
        said = self._said("webauthn.create", challenge, place)
        point = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public)
        data = self._data(place, PRESENT | VERIFIED | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": said, "attestationObject": attestation}, challenge, HERE)

    def give(self, challenge, place=HERE):
        """Sign what a page asks at the second step."""
        self.uses += 1
        said, data = self._said("webauthn.get", challenge, place), self._data(place, PRESENT | VERIFIED)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": said, "authenticatorData": data, "signature": signature}, challenge, HERE
        )

    def _said(self, kind, challenge, place):
        told = {"type": kind, "challenge": written(bytes.fromhex(challenge)), "origin": place.origin}
        return json.dumps(told | {"crossOrigin": False}).encode()

    def _data(self, place, flags):
        return hashlib.sha256(place.rp_id.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _answer(self, response, challenge, place):
        name = written(self.credential_id)
        content = {key: written(value) for key, value in response.items()}
        sent = {"id": name, "rawId": name, "type": "public-key", "response": content, "clientExtensionResults": {}}
        return Answer(json.dumps(sent), challenge, place)
