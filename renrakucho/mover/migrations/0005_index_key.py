from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mover", "0004_master_key_fingerprint")]

    operations = [
        migrations.AddField(
            model_name="masterkeyfingerprint",
            name="index_key",
            field=models.BinaryField(null=True),
        ),
    ]
