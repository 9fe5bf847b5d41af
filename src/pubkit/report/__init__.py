"""How findings are shown: terminal, JSON, SARIF, JUnit, GitHub."""
