"""What a WSGI server is given: the sandbox with its state under RENRAKUCHO_VAR."""

from sandbox.clock import now_in_japan
from sandbox.front import Sandbox
from sandbox.place import state_folder

application = Sandbox(state_folder(), now_in_japan)
