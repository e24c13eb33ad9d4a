"""People, on screen: search, the reason, and the whole-person page.

Enters: facts that the viewer knows, the reason they give, revealed items. Leaves: pages on which
every line stands at exactly the level decided. Promises: nothing about a person before a reason;
no personal value in any address; every search and sight is recorded before it is answered.
Law: UK GDPR Articles 5(1)(b), 5(1)(c) and 5(2); common law duty of confidentiality.
"""

__all__: list[str] = []
