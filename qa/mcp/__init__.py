"""The MCP server: assistants ask and read one library. ``qa mcp`` runs it, over stdio or over HTTP."""
