"""The topics that the whole knowledge base must answer: their ids are a contract with whoever reads our figures."""

from __future__ import annotations

AREAS = {
    "status": """am-i-a-care-leaver types qualifying leaving-early moved-area""",
    "support": """personal-adviser contact-pa change-pa to-21 to-25 pathway-plan pathway-review needs-assessment
        local-offer corporate-parent""",
    "money": """setting-up-home universal-credit under-18 rent-help council-tax savings emergency debt allowances
        disability-benefits bank-account budgeting travel driving phone-internet""",
    "housing": """options staying-put staying-close homeless social-housing private-rent eviction suitable repairs
        moving-in uni-holidays""",
    "health": """passport records assessment nurse gp dentist-optician prescriptions mental-health sexual-health
        drugs-alcohol disability""",
    "education": """college bursary-16-19 university he-bursary student-finance return-after-21""",
    "work": """apprenticeship finding-a-job rights""",
    "rights": """care-files complaint advocate id-documents vote immigration custody police discrimination""",
    "family": """contact parenting lonely identity""",
    "voice": """have-a-say feedback""",
    "safety": """suicide self-harm abuse domestic-abuse exploitation sexual-assault homeless-tonight missing
        harm-to-others medical""",
    "bot": """privacy about human""",
}


def required_topics() -> frozenset[str]:
    """The ids, `area.name`. A finer one below it (`money.council-tax.arrears`) counts as it."""
    return frozenset(f"{area}.{name}" for area, names in AREAS.items() for name in names.split())
