from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("library", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Explained",
            fields=[],
            options={
                "verbose_name": "权限说明",
                "verbose_name_plural": "权限说明",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("library.resource",),
        ),
    ]
