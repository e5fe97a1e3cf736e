"""run-handler.mjs for Python: the same moments, told the same way."""

import importlib.util
import json
import os
import re
import resource
import sys
import time


def cpu_ms():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def tell(moment, **more):
    os.write(3, (json.dumps({"moment": moment, "cpuMs": cpu_ms(), **more}) + "\n").encode())


def peak_mib():
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1048576
    with open("/proc/self/status") as status:
        return int(re.search(r"^VmHWM:\s+(\d+)", status.read(), re.M)[1]) / 1024


spec = importlib.util.spec_from_file_location("handler", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
tell("ready")
module.handler({}, None)
tell("first")
peak = peak_mib()
warm = []
for _ in range(int(sys.argv[2]) - 1):
    began, began_cpu = time.perf_counter(), cpu_ms()
    module.handler({}, None)
    warm.append({"wallMs": (time.perf_counter() - began) * 1000, "cpuMs": cpu_ms() - began_cpu})
tell("end", peakMiB=peak, warm=warm)
os._exit(0)
