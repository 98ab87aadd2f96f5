
import django.db.models.deletion
import renrakucho.lib.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mover', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyLink',
            fields=[
                ('id', models.UUIDField(default=renrakucho.lib.identifiers.new_uuid7, editable=False, primary_key=True, serialize=False)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('valid_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='KeyRequest',
            fields=[
                ('id', models.UUIDField(default=renrakucho.lib.identifiers.new_uuid7, editable=False, primary_key=True, serialize=False)),
                ('email_hash', models.CharField(max_length=64)),
                ('requested_at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='book',
            index=models.Index(fields=['email_hash'], name='book_email'),
        ),
        migrations.AddField(
            model_name='keylink',
            name='book',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='key_links', to='mover.book'),
        ),
    ]
