"""Printed pages: a leaflet of the knowledge base as a tagged PDF."""
