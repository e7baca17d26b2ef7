"""From where somebody comes, as far as an address tells it."""

from ipaddress import ip_address, ip_network

IPV6_NETWORK = 64  # bits that a provider gives to one household or office


def place_of(address: str) -> str:
    """An IPv4 address as it is, of an IPv6 address its network; any other text stands for itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ip_network((int(found) >> IPV6_NETWORK << IPV6_NETWORK, IPV6_NETWORK)))
    return str(found.ipv4_mapped if found.version == 6 else found)
