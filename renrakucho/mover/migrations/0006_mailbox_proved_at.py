from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mover", "0005_index_key")]

    operations = [
        migrations.AddField(
            model_name="book",
            name="mailbox_proved_at",
            field=models.DateTimeField(null=True),
        ),
    ]
