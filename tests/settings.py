"""The site's own settings, in a throw-away data folder."""

import os
import tempfile

os.environ.setdefault("SECONDSTORY_DATA", tempfile.mkdtemp(prefix="secondstory-test-"))
os.environ["SECONDSTORY_TEST"] = "1"

from secondstory.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["localhost", "testserver"]
# Every client of a test begins the middleware anew: without this it would read all static files first.
WHITENOISE_AUTOREFRESH = True

# As the web process asks: the stricter of the two ways, types are told to the server and not guessed from what is written.
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["OPTIONS"]["server_side_binding"] = True  # noqa: F405
