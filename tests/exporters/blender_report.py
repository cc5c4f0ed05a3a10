"""Run in a child process with Blender's Python: what Blender makes of the files it is given.

Reads a JSON list of ``{"path", "fps", "scale", "frames"}`` from standard input and writes a list of
reports to the file named on the command line. Positions are in Blender's world (+Z up), metres.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import bpy  # first: it makes addon_utils importable

import addon_utils  # isort: skip


def report(task: dict[str, Any]) -> dict[str, Any]:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    # Neither importer takes the frame rate from the file unless asked, and GLB cannot be.
    scene.render.fps, scene.render.fps_base = task["fps"], 1.0
    if task["path"].endswith(".bvh"):
        addon_utils.enable("io_anim_bvh")
        bpy.ops.import_anim.bvh(
            filepath=task["path"],
            global_scale=task["scale"],
            frame_start=0,
            update_scene_fps=True,
            update_scene_duration=True,
        )
    else:
        bpy.ops.import_scene.gltf(filepath=task["path"])
    (armature,) = [o for o in bpy.data.objects if o.type == "ARMATURE"]
    first, last = armature.animation_data.action.frame_range
    positions = []
    for frame in task["frames"]:
        scene.frame_set(int(first) + frame)
        world = armature.matrix_world
        positions.append({b.name: list(world @ b.head) for b in armature.pose.bones})
    meshes = [o for o in bpy.data.objects if o.type == "MESH" and o.find_armature() == armature]
    return {
        "bones": [bone.name for bone in armature.data.bones],
        "frames": round(last - first) + 1,
        "fps": scene.render.fps / scene.render.fps_base,
        "positions": positions,
        "vertices": sum(len(o.data.vertices) for o in meshes),
        "actions": len(bpy.data.actions),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps([report(task) for task in json.load(sys.stdin)]))
