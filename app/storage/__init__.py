"""Scans (扫描件): check, keep by content hash, open, preview. It knows neither rows nor requests."""

from app.storage.limits import ChildLimits, ScanLimits
from app.storage.preview import preview_page
from app.storage.store import FileStorage, Incoming, Storage, StorageNotSupportedError, storage_from_url
from app.storage.upload import Stored, accept

__all__ = [
    "ChildLimits",
    "FileStorage",
    "Incoming",
    "ScanLimits",
    "Storage",
    "StorageNotSupportedError",
    "Stored",
    "accept",
    "preview_page",
    "storage_from_url",
]
