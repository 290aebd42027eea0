"""The MCP server, run by ``qa mcp``."""
