"""Where processes begin: the web application, the worker, the command line."""
