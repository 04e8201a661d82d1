"""Answers are kept for who comes without a token as well: a receipt phrase, or the setup code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A key's digest is made with its holder's secret, so that it alone is enough to tell it from any other."""

    dependencies = [
        ("installation", "0008_prepared_signatures"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="keptanswer", name="one_answer_to_a_key"),
        migrations.AlterField(
            model_name="keptanswer",
            name="token",
            field=models.ForeignKey(null=True, on_delete=models.deletion.CASCADE, to="installation.apitoken"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.UniqueConstraint(fields=("key_digest",), name="one_answer_to_a_key"),
        ),
    ]
