import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("writing", "0001_initial")]

    operations = [
        migrations.AlterModelOptions("publication", {"ordering": ["-asked_at", "-id"]}),
        migrations.RemoveField("publication", "labels"),
        migrations.AddField("publication", "document", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="NameChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=200)),
                ("choice", models.CharField(max_length=80)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reviews.review"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("review", "about"), name="one_choice_a_name")],
            },
        ),
    ]
