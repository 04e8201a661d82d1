"""Addresses of this room."""

from django.urls import path

from alteram.web.members import agreements, mail, recovering, roll, roll_acts

urlpatterns = [
    path("members/", roll.show_members, name="members"),
    path("members/add/", roll.add_members, name="add-members"),
    path("members/mail/", mail.show_mail, name="mail"),
    path("members/mail/<int:number>/again/", mail.send_again, name="send-mail-again"),
    path("members/mail/<int:number>/drop/", mail.drop, name="drop-mail"),
    path("members/acts/<identifier:act>/", roll_acts.do_roll_act, name="roll-act"),
    path("members/person/<identifier:member>/", roll.show_member, name="member"),
    path("members/person/<identifier:member>/invite/", roll.invite_again, name="invite-again"),
    path("members/person/<identifier:member>/recovery/", recovering.ask, name="ask-recovery"),
    path("agreements/", agreements.show_agreements, name="agreements"),
    path("agreements/<int:number>/agree/", agreements.agree, name="agree-to-act"),
    path("agreements/<int:number>/record/", agreements.record, name="record-agreed"),
    path("agreements/<int:number>/withdraw/", agreements.withdraw, name="withdraw-agreed"),
    path("recoveries/", recovering.show_recoveries, name="recoveries"),
    path("recoveries/operator/", recovering.ask_for_operator, name="operator-recovery"),
    path("recoveries/<int:recovery>/object/", recovering.object_to, name="object-to-recovery"),
    path("recoveries/<int:recovery>/agree/", recovering.agree, name="agree-to-recovery"),
    path("recoveries/<int:recovery>/refuse/", recovering.refuse, name="refuse-recovery"),
]
