"""The warm handover: somebody who is here is introduced to a colleague who is here too."""

__all__: list[str] = []
