"""The form of any act, from the catalogue: no act has a form written for it by hand."""

from alteram.web.forms.acts import ActForm
from alteram.web.forms.offers import Offers, find_offers

__all__ = ["ActForm", "Offers", "find_offers"]
