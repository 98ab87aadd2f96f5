"""The WSGI application: the sandbox with its state under RENRAKUCHO_VAR."""

from sandbox.clock import now_in_japan
from sandbox.environment import state_folder
from sandbox.routes import Sandbox

application = Sandbox(state_folder(), now_in_japan)
