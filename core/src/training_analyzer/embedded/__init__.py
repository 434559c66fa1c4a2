"""
PostgreSQL and Valkey that come with the program: real servers, started by it, ended with it.

    with EmbeddedServers(directory) as servers:
        servers.database_url, servers.database_owner_url, servers.redis_url
"""

from training_analyzer.embedded.addresses import Addresses, running_servers
from training_analyzer.embedded.directory import default_data_directory, empty
from training_analyzer.embedded.errors import (
    DataDirectoryInUse,
    DataDirectoryUnusable,
    EmbeddedError,
    EmbeddedServersMissing,
    ServerDied,
    ServerStartFailed,
)
from training_analyzer.embedded.servers import EmbeddedServers

__all__ = [
    "Addresses",
    "DataDirectoryInUse",
    "DataDirectoryUnusable",
    "EmbeddedError",
    "EmbeddedServers",
    "EmbeddedServersMissing",
    "ServerDied",
    "ServerStartFailed",
    "default_data_directory",
    "empty",
    "running_servers",
]
