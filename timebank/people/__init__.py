"""Residents, volunteers, staff with roles and scopes, the organisation tree, partners, guardians."""
