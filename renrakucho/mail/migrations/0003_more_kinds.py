
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0002_withdrawal'),
        ('mover', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='mail',
            name='mail_kind_known',
        ),
        migrations.AlterField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('registration', '申込登録のお知らせ'), ('email_changed', 'メールアドレス変更のお知らせ'), ('key_link', '新しいアクセスキーのご案内'), ('key_renewed', '新しいアクセスキーのお知らせ'), ('sent', '送信のお知らせ'), ('acceptance', '受理のお知らせ'), ('return', '差戻しのお知らせ（もう一度お送りください）'), ('undelivered', '未達のお知らせ（お電話でご連絡ください）'), ('withdrawal_undelivered', '取消の未達のお知らせ（お電話でご連絡ください）')], max_length=30),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['registration', 'email_changed', 'key_link', 'key_renewed', 'sent', 'acceptance', 'return', 'undelivered', 'withdrawal_undelivered'])), name='mail_kind_known'),
        ),
    ]
