from django.db import migrations

SEVERITIES = [
    ("Critical", "Most people who rely on us could not do what they came for, or something was lost for good."),
    ("Major", "Many people were held up, or something important did not work for some of them."),
    ("Minor", "Some people noticed, and there was a way around it."),
    ("Slight", "Nobody outside noticed."),
]
ROLE_LABELS = [
    "on-call engineer",
    "engineer",
    "incident lead",
    "release lead",
    "engineering lead",
    "product lead",
    "designer",
    "support agent",
    "operations",
    "security engineer",
    "customer contact",
]


def add(apps, schema_editor):
    severity = apps.get_model("reviews", "Severity")
    label = apps.get_model("people", "RoleLabel")
    # A historical model has a plain manager; the guarded one belongs to the code that serves people.
    for position, (name, meaning) in enumerate(SEVERITIES):
        severity._base_manager.get_or_create(name=name, defaults={"meaning": meaning, "position": position})
    for position, name in enumerate(ROLE_LABELS):
        label._base_manager.get_or_create(name=name, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
