"""A fax call in this process: two T.30 machines of libspandsp, their sound passed from one to the other."""

import ctypes as c
import ctypes.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FRAME = 160  # samples: 20 ms of sound
_LONGEST = 8000 * 900  # a quarter of an hour on the line
_ECM = 1
_T4_AND_T6 = 2 | 4 | 8
_RESOLUTIONS = 1 | 2 | 4 | 0x20000 | 0x40000
_SIZES = 1 | 2 | 4 | 0x10000 | 0x20000 | 0x40000
_MODEMS = 1 | 2 | 4  # V.27ter, V.29, V.17
_PhaseE = c.CFUNCTYPE(None, c.c_void_p, c.c_void_p, c.c_int)


def library() -> Any | None:
    """libspandsp, or None where it is not installed."""
    name = ctypes.util.find_library("spandsp")
    if name is None:
        return None
    found = c.CDLL(name)
    for function in ("fax_init", "fax_get_t30_state"):
        getattr(found, function).restype = c.c_void_p
    return found


def call(sent: Path, received: Path) -> tuple[int, int]:
    """Send a TIFF, receive another. Returns how the call ended for the sender and for the receiver; 0 is well."""
    spandsp = library()
    assert spandsp
    ended: dict[str, int] = {}
    machines = {name: c.c_void_p(spandsp.fax_init(None, int(name == "sender"))) for name in ("sender", "receiver")}
    kept: list[Callable[..., Any]] = []
    for name, machine in machines.items():
        t30 = c.c_void_p(spandsp.fax_get_t30_state(machine))
        at_end = _PhaseE(lambda _s, _u, code, name=name: ended.__setitem__(name, code))
        kept.append(at_end)
        spandsp.t30_set_phase_e_handler(t30, at_end, None)
        spandsp.t30_set_ecm_capability(t30, _ECM)
        spandsp.t30_set_supported_compressions(t30, _T4_AND_T6)
        spandsp.t30_set_supported_resolutions(t30, _RESOLUTIONS)
        spandsp.t30_set_supported_image_sizes(t30, _SIZES)
        spandsp.t30_set_supported_modems(t30, _MODEMS)
        spandsp.fax_set_transmit_on_idle(machine, 1)
    of_sender = c.c_void_p(spandsp.fax_get_t30_state(machines["sender"]))
    of_receiver = c.c_void_p(spandsp.fax_get_t30_state(machines["receiver"]))
    spandsp.t30_set_tx_file(of_sender, str(sent).encode(), -1, -1)
    spandsp.t30_set_rx_file(of_receiver, str(received).encode(), -1)
    _talk(spandsp, machines["sender"], machines["receiver"], lambda: len(ended) == 2)
    for machine in machines.values():
        spandsp.fax_free(machine)
    return ended.get("sender", -1), ended.get("receiver", -1)


def _talk(spandsp: Any, here: c.c_void_p, there: c.c_void_p, over: Callable[[], bool]) -> None:
    mine, theirs = (c.c_int16 * _FRAME)(), (c.c_int16 * _FRAME)()
    for _frame in range(0, _LONGEST, _FRAME):
        if over():
            return
        spandsp.fax_tx(here, mine, _FRAME)
        spandsp.fax_tx(there, theirs, _FRAME)
        spandsp.fax_rx(there, mine, _FRAME)
        spandsp.fax_rx(here, theirs, _FRAME)
