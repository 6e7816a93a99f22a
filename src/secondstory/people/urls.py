from __future__ import annotations

from django.urls import path

from secondstory.people import administration, doors, views

urlpatterns = [
    # These stand before the sign-in library's own, at the same addresses.
    path("account/oidc/<str:provider_id>/login/", doors.openid_login),
    path("account/oidc/<str:provider_id>/login/callback/", doors.openid_callback),
    path("account/saml/<str:organization_slug>/login/", doors.saml_login),
    path("account/saml/<str:organization_slug>/acs/finish/", doors.saml_finish),
    path("setup", views.setup, name="setup"),
    path("invitations/<str:token>", views.invitation, name="invitation"),
    path("profile", views.profile, name="profile"),
    path("profile/sign-ins", views.sign_ins, name="sign_ins"),
    path("profile/tokens", views.tokens, name="tokens"),
    path("profile/tokens/<str:token_id>/revoke", views.revoke_token, name="token_revoke"),
    path("settings", administration.settings_home, name="settings"),
    path("settings/people", administration.people, name="people"),
    path("settings/people/<str:person_id>", administration.change_person, name="person_change"),
    path("settings/invitations/<str:invitation_id>/revoke", administration.revoke_invitation, name="invitation_revoke"),
    path("settings/role-labels", administration.role_labels, name="role_labels"),
    path("settings/role-labels/<int:label_id>/remove", administration.remove_role_label, name="role_label_remove"),
    path("settings/teams", administration.teams, name="teams"),
    path("settings/teams/<int:team_id>", administration.teams, name="team"),
    path("settings/teams/<int:team_id>/remove", administration.remove_team, name="team_remove"),
]
