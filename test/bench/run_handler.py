"""run-handler.mjs for Python: the same moments, told the same way."""

import importlib.util
import json
import os
import re
import resource
import sys


def tell(**more):
    usage = resource.getrusage(resource.RUSAGE_SELF)
    os.write(3, (json.dumps({"cpuMs": (usage.ru_utime + usage.ru_stime) * 1000, **more}) + "\n").encode())


def peak_mib():
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1048576
    with open("/proc/self/status") as status:
        return int(re.search(r"^VmHWM:\s+(\d+)", status.read(), re.M)[1]) / 1024


spec = importlib.util.spec_from_file_location("handler", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
tell()
module.handler({}, None)
tell()
tell(peakMiB=peak_mib(), modules=[])
os._exit(0)
