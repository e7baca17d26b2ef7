"""Which edition of the rules, of the applicant's declaration and of the privacy notice is in force."""

from app.domain.terms import N_

RULE_VERSION = "2026.1"  # raise it with every change of a rule; snapshots name the edition that judged them
DECLARATION_VERSION = "2026.1"
DECLARATION = N_("本单位对所填内容和所附材料的真实性负责：内容与原件一致，没有隐瞒和虚构。")
PRIVACY_NOTICE_VERSION = "2026.1"
