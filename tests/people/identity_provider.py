"""An identity provider on loopback: OpenID Connect and SAML over real HTTP, honest or with one fault at a time."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from onelogin.saml2.utils import OneLogin_Saml2_Utils

CLIENT, SECRET = "secondstory", "a secret between the two"
SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"


class Key:
    """A signing key with its certificate."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "id.lantern.example")])
        now = datetime.now(UTC)
        certificate = x509.CertificateBuilder(
            issuer_name=name,
            subject_name=name,
            public_key=self.private.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=1),
            not_valid_after=now + timedelta(days=1),
        ).sign(self.private, hashes.SHA256())
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def pem(self) -> str:
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def bare_certificate(self) -> str:
        return "".join(self.certificate.splitlines()[1:-1])

    @property
    def jwk(self) -> dict[str, Any]:
        return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key())) | {"alg": "RS256"}


@dataclass
class IdentityProvider:
    """Who is signed in there is `person`; `fault` names what it does wrong."""

    port: int = 0
    person: dict[str, Any] = field(default_factory=dict)
    fault: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: Key = field(default_factory=Key)

    @cached_property
    def other_key(self) -> Key:
        return Key()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def becomes(self, **claims: Any) -> None:
        self.person, self.fault = claims, ""

    # OpenID Connect

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        if self.fault == "cancelled":
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(sent["code"], None)
        if asked is None or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET):
            return None
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300}
        return answer if self.fault == "no token" else answer | {"id_token": self.identity_token(asked["nonce"])}

    def identity_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        changed: dict[str, dict[str, Any]] = {
            "audience": {"aud": "somebody else"},
            "issuer": {"iss": "https://elsewhere.example"},
            "expired": {"exp": now - 60},
            "another question": {"nonce": nonce[::-1]},
            "no question": {"nonce": None},
        }
        key = self.other_key if self.fault == "signature" else self.key
        headers = {"kid": "unknown" if self.fault == "unknown key" else "one"}
        if self.fault == "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        return jwt.encode(claims | changed.get(self.fault, {}), key.private, algorithm="RS256", headers=headers)

    def user_info(self) -> dict[str, Any]:
        return self.person | ({"sub": "somebody else"} if self.fault == "other person" else {})

    # SAML

    def metadata(self) -> str:
        return f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.address}/metadata">
<IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>{self.key.bare_certificate}</X509Certificate>
</X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Location="{self.address}/sso"
Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"/></IDPSSODescriptor></EntityDescriptor>"""

    def form(self, asked: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Where the browser is to post, and what."""
        request = ET.fromstring(zlib.decompress(base64.b64decode(asked["SAMLRequest"]), -15))
        to, audience = request.attrib["AssertionConsumerServiceURL"], request.findtext(f"{{{ASSERTION}}}Issuer") or ""
        response = self.response(to, audience, request.attrib["ID"])
        return to, {"SAMLResponse": base64.b64encode(response).decode(), "RelayState": asked.get("RelayState", "")}

    def response(self, to: str, audience: str, answering: str) -> bytes:
        assertion = self.assertion(to, audience, answering)
        if self.fault != "unsigned":
            key = self.other_key if self.fault == "signature" else self.key
            signed = OneLogin_Saml2_Utils.add_sign(assertion, key.pem, key.certificate, sign_algorithm=SHA256)
            assertion = signed.decode().removeprefix('<?xml version="1.0"?>').strip()
        if self.fault == "changed afterwards":
            assertion = assertion.replace(str(self.person["email"]), "eve@lantern.example")
        destination = "https://elsewhere.example/acs" if self.fault == "destination" else to
        return f"""<samlp:Response xmlns:samlp="{PROTOCOL}" ID="_{secrets.token_hex(16)}" Version="2.0"
IssueInstant="{_at(0)}" Destination="{destination}" InResponseTo="{answering}"><saml:Issuer xmlns:saml="{ASSERTION}"
>{self.address}/metadata</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>
</samlp:Status>{assertion}</samlp:Response>""".encode()

    def assertion(self, to: str, audience: str, answering: str) -> str:
        begins, ends = (-600, -300) if self.fault == "expired" else (-60, 300)
        audience = "https://elsewhere.example" if self.fault == "audience" else audience
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{escape(str(value))}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.person.items()
        )
        return f"""<saml:Assertion xmlns:saml="{ASSERTION}" ID="_{secrets.token_hex(16)}" Version="2.0"
IssueInstant="{_at(0)}"><saml:Issuer>{self.address}/metadata</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{self.person["uid"]}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData
NotOnOrAfter="{_at(ends)}" Recipient="{to}" InResponseTo="{answering}"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{_at(begins)}" NotOnOrAfter="{_at(ends)}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>
</saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="{_at(0)}"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"""


def _at(seconds: int) -> str:
    return f"{datetime.now(UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


class Answers(BaseHTTPRequestHandler):
    """What the provider says to whom."""

    provider: IdentityProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        answer = self._found(parts.path, asked)
        self._say(*(answer or (404, "text/plain", "")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = self.provider.token({name: values[0] for name, values in parse_qs(body).items()})
        self._say(200 if given else 400, "application/json", json.dumps(given or {"error": "invalid_grant"}))

    def _found(self, path: str, asked: dict[str, str]) -> tuple[int, str, str] | None:
        provider = self.provider
        if provider.fault == "down":
            return 503, "text/plain", "not now"
        documents = {
            "/.well-known/openid-configuration": provider.discovery,
            "/userinfo": provider.user_info,
            "/keys": lambda: {"keys": [provider.key.jwk | {"kid": "one"}]},
        }
        if path in documents:
            return 200, "application/json", json.dumps(documents[path]())
        pages = {"/metadata": lambda: (200, "text/xml", provider.metadata()), "/sso": lambda: self._form(asked)}
        pages["/authorize"] = lambda: (302, provider.authorize(asked), "")
        return pages[path]() if path in pages else None

    def _form(self, asked: dict[str, str]) -> tuple[int, str, str]:
        to, fields = self.provider.form(asked)
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        page = f'<form method="post" action="{to}">{inputs}<button>Go on</button></form>'
        return 200, "text/html", page

    def _say(self, status: int, kind: str, body: str) -> None:
        self.send_response(status)
        self.send_header("Location" if status == 302 else "Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """One that listens until the block ends."""
    provider = IdentityProvider()
    server = ThreadingHTTPServer(("localhost", 0), type("Bound", (Answers,), {"provider": provider}))
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
