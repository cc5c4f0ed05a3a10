"""The mannequin's shape: rounded volumes laid along the bones of the canonical body.

All sizes are metres in the rest pose (T-pose, facing +Z, left is +X). Each limb is a field of its
own, so that limbs only blend with what they grow from and never with each other.
"""

from __future__ import annotations

import numpy as np

from assets.characters.implicit import (
    Field,
    above_ground,
    blend,
    chain,
    cone,
    ellipsoid,
    loft,
    mirrored,
    within,
)
from motion.skeleton import BODY

#: Rest positions of the joints by role.
AT = dict(zip(BODY.joints, BODY.rest_world[0], strict=True))


def along(start: str, end: str, t: float, offset: tuple[float, float, float] = (0, 0, 0)):
    """The point at fraction ``t`` of the bone from one joint to another, moved by ``offset``."""
    return (1 - t) * AT[start] + t * AT[end] + np.asarray(offset)


#: Trunk by height: y, half width, front z, back z.
TRUNK = [
    (0.840, 0.070, 0.034, -0.046), (0.880, 0.114, 0.060, -0.076), (0.925, 0.138, 0.078, -0.094),
    (0.970, 0.145, 0.088, -0.096), (1.020, 0.139, 0.091, -0.085), (1.070, 0.128, 0.090, -0.075),
    (1.115, 0.124, 0.090, -0.071), (1.170, 0.129, 0.096, -0.076), (1.230, 0.144, 0.107, -0.090),
    (1.290, 0.158, 0.115, -0.102), (1.340, 0.163, 0.112, -0.109), (1.385, 0.150, 0.097, -0.108),
    (1.425, 0.120, 0.074, -0.098), (1.460, 0.084, 0.048, -0.080), (1.500, 0.050, 0.022, -0.054),
    (1.540, 0.024, 0.006, -0.026),
]  # fmt: skip

#: Left leg by height: y, middle x, middle z, half width, half depth.
LEG = [
    (0.040, 0.089, -0.010, 0.024, 0.028), (0.070, 0.089, -0.011, 0.029, 0.034),
    (0.100, 0.089, -0.014, 0.0305, 0.036), (0.150, 0.089, -0.017, 0.0325, 0.036),
    (0.220, 0.089, -0.021, 0.039, 0.043), (0.290, 0.090, -0.024, 0.0465, 0.053),
    (0.345, 0.0905, -0.022, 0.050, 0.058), (0.400, 0.090, -0.014, 0.0495, 0.056),
    (0.450, 0.089, -0.003, 0.047, 0.050), (0.489, 0.0885, 0.003, 0.0485, 0.052),
    (0.520, 0.088, 0.005, 0.0505, 0.055), (0.570, 0.088, 0.007, 0.055, 0.062),
    (0.640, 0.089, 0.008, 0.063, 0.072), (0.720, 0.091, 0.006, 0.0705, 0.082),
    (0.790, 0.0925, 0.001, 0.074, 0.088), (0.850, 0.093, -0.006, 0.0735, 0.090),
    (0.905, 0.091, -0.010, 0.068, 0.084), (0.955, 0.086, -0.010, 0.056, 0.068),
    (0.990, 0.082, -0.008, 0.040, 0.048),
]  # fmt: skip

#: Left arm outwards: x, middle y, middle z, half height, half depth.
ARM = [
    (0.070, 1.385, -0.016, 0.030, 0.034), (0.110, 1.398, -0.012, 0.050, 0.054),
    (0.150, 1.412, -0.008, 0.0640, 0.067), (0.190, 1.419, -0.005, 0.0675, 0.069),
    (0.230, 1.420, -0.004, 0.0630, 0.064), (0.280, 1.419, -0.003, 0.0555, 0.057),
    (0.330, 1.419, -0.002, 0.0510, 0.0535), (0.380, 1.420, -0.002, 0.0470, 0.049),
    (0.430, 1.422, -0.005, 0.0410, 0.0425), (0.462, 1.422, -0.006, 0.0385, 0.0405),
    (0.490, 1.422, -0.004, 0.0390, 0.0425), (0.530, 1.421, -0.002, 0.0400, 0.0450),
    (0.580, 1.421, -0.002, 0.0365, 0.041), (0.640, 1.422, -0.003, 0.0295, 0.034),
    (0.690, 1.422, -0.004, 0.0235, 0.029), (0.716, 1.422, -0.004, 0.0210, 0.0272),
    (0.745, 1.422, -0.004, 0.0190, 0.0270), (0.775, 1.422, -0.003, 0.0130, 0.0200),
]  # fmt: skip

#: Neck by height: y, middle x, middle z, half width, half depth.
NECK = [
    (1.400, 0, -0.030, 0.050, 0.046), (1.440, 0, -0.023, 0.062, 0.058),
    (1.475, 0, -0.017, 0.0575, 0.056), (1.510, 0, -0.010, 0.0535, 0.054),
    (1.560, 0, -0.001, 0.0525, 0.054), (1.600, 0, 0.006, 0.050, 0.053),
    (1.640, 0, 0.010, 0.036, 0.040),
]  # fmt: skip


def trunk() -> Field:
    """Rib cage, waist, pelvis and the slope from the neck to the shoulders."""
    rows = [(y, 0, (front + back) / 2, x, (front - back) / 2) for y, x, front, back in TRUNK]
    core = loft(1, rows, caps=(0.03, 0.03), power=2.2)
    chest = mirrored(ellipsoid((0.070, 1.335, 0.062), (0.088, 0.068, 0.040), 18, -14), k=0.03)
    blades = mirrored(ellipsoid((0.080, 1.350, -0.068), (0.076, 0.110, 0.030), 10, 10), k=0.03)
    wings = mirrored(ellipsoid((0.126, 1.300, -0.026), (0.034, 0.105, 0.060), 0, -8))
    slope = mirrored(cone((0.010, 1.490, -0.032), (0.160, 1.432, -0.012), (0.044, 0.040)), k=0.02)
    body = blend(core, chest, blades, wings, k=0.05)
    return blend(body, slope, k=0.06)


def leg() -> Field:
    """The left leg down into the foot."""
    hip, knee = AT["left_hip"], AT["left_knee"]
    seat = ellipsoid(hip + (-0.006, -0.006, -0.060), (0.068, 0.080, 0.056), pitch=-10)
    kneecap = ellipsoid(knee + (0, 0.010, 0.028), (0.032, 0.046, 0.026))
    body = blend(loft(1, LEG, caps=(0.02, 0.03)), seat, k=0.05)
    return blend(body, kneecap, k=0.03)


def foot() -> Field:
    """The left foot: heel, instep, ball and toes, flat on the ground."""
    ankle, ball = AT["left_ankle"], AT["left_foot"]
    ahead = (ball - ankle) * (1, 0, 1)
    ahead = ahead / np.linalg.norm(ahead)
    side = np.array([ahead[2], 0, -ahead[0]])

    def spot(forward: float, sideways: float, height: float) -> np.ndarray:
        base = ankle * (1, 0, 1) + forward * ahead + sideways * side
        return base + (0, height, 0)

    heel = chain([spot(-0.030, 0, 0.034), spot(0.004, 0, 0.036)], [0.035, 0.036])
    instep = chain([spot(0.004, 0, 0.058), spot(0.118, -0.006, 0.024)], [0.036, 0.027])
    outer = chain([spot(-0.020, 0.004, 0.024), spot(0.122, 0.019, 0.017)], [0.032, 0.026])
    inner = chain([spot(0.000, -0.004, 0.030), spot(0.134, -0.016, 0.021)], [0.032, 0.028])
    big = cone(spot(0.135, -0.014, 0.019), spot(0.184, -0.017, 0.017), (0.026, 0.0225))
    small = cone(spot(0.125, 0.014, 0.016), spot(0.170, 0.014, 0.014), (0.026, 0.0215))
    sole = blend(heel, instep, outer, inner, k=0.03)
    toes = blend(big, small, k=0.022)
    return above_ground(blend(sole, toes, k=0.022), k=0.010)


def arm() -> Field:
    """The left arm from the shoulder into the hand, along +X."""
    shoulder, elbow = AT["left_shoulder"], AT["left_elbow"]
    cap = ellipsoid(shoulder + (0.016, 0.004, 0), (0.064, 0.060, 0.062))
    point = ellipsoid(elbow + (-0.002, 0, -0.020), (0.030, 0.026, 0.022))
    body = blend(loft(0, ARM, caps=(0.02, 0.02)), cap, k=0.02)
    return blend(body, point, k=0.02)


def hand() -> Field:
    """The left hand: palm down, fingers together and a little bent, the thumb forward."""
    wrist = AT["left_wrist"]

    def spot(x: float, y: float, z: float) -> np.ndarray:
        return wrist + (x, y, z)

    palm = loft(
        0,
        [
            (wrist[0] - 0.010, wrist[1], wrist[2], 0.014, 0.020),
            (wrist[0] + 0.015, wrist[1] + 0.001, wrist[2] + 0.001, 0.0185, 0.028),
            (wrist[0] + 0.045, wrist[1] + 0.001, wrist[2] + 0.001, 0.0185, 0.036),
            (wrist[0] + 0.080, wrist[1] + 0.001, wrist[2], 0.0165, 0.039),
            (wrist[0] + 0.105, wrist[1] - 0.001, wrist[2], 0.0110, 0.033),
        ],
        caps=(0.01, 0.01),
    )
    #: For each finger: where across the hand, how long, how thick.
    rows = [
        (0.0270, 0.074, 0.0112), (0.0092, 0.081, 0.0118), (-0.0088, 0.077, 0.0112),
        (-0.0262, 0.062, 0.0100),
    ]  # fmt: skip
    fingers = [
        chain(
            [spot(0.080, 0.001, z), spot(0.085 + length / 2, -0.004, z * 0.97),
             spot(0.085 + 0.94 * length, -0.019, z * 0.92)],
            [radius * 1.05, radius, radius * 0.88],
            k=0.010,
        )
        for z, length, radius in rows
    ]  # fmt: skip
    thumb = chain(
        [spot(0.018, -0.002, 0.018), spot(0.054, -0.012, 0.045), spot(0.082, -0.019, 0.060),
         spot(0.103, -0.024, 0.066)],
        [0.018, 0.0155, 0.0128, 0.0110],
        k=0.010,
    )  # fmt: skip
    return blend(blend(palm, blend(*fingers, k=0.018), k=0.024), thumb, k=0.02)


def neck() -> Field:
    """From between the shoulders into the skull, leaning forward."""
    return loft(1, NECK, caps=(0.02, 0.02))


def head() -> Field:
    """An egg with a jaw, a brow and the ridge of a nose: enough to see where it looks."""
    skull = ellipsoid((0, 1.640, 0.002), (0.0735, 0.092, 0.093), pitch=-12)
    face = ellipsoid((0, 1.600, 0.038), (0.0585, 0.084, 0.062), pitch=8)
    jaw = mirrored(cone((0.036, 1.574, 0.018), (0.013, 1.536, 0.066), (0.029, 0.025)), k=0.03)
    brow = mirrored(cone((0.004, 1.637, 0.0900), (0.042, 1.634, 0.070), (0.015, 0.013)), k=0.02)
    nose = cone((0, 1.632, 0.0885), (0, 1.597, 0.0970), (0.0110, 0.0150), flatten=(0.85, 1, 1))
    body = blend(skull, face, k=0.05)
    body = blend(body, jaw, k=0.045)
    body = blend(body, brow, k=0.030)
    return blend(body, nose, k=0.032)


def figure() -> Field:
    """The whole body. Legs meet each other only by way of the pelvis."""
    left_leg = within((0.0, 0.0, -0.15), (0.19, 1.03, 0.09), leg())
    left_foot = within((0.03, 0.0, -0.10), (0.17, 0.12, 0.22), foot())
    left_arm = within((0.04, 1.33, -0.09), (0.81, 1.50, 0.08), arm())
    left_hand = within((0.69, 1.38, -0.07), (0.90, 1.45, 0.08), hand())
    torso = within((-0.20, 0.80, -0.15), (0.20, 1.58, 0.16), blend(trunk(), neck(), k=0.045))
    skull = within((-0.10, 1.48, -0.12), (0.10, 1.75, 0.13), head())
    legs = mirrored(blend(left_leg, left_foot, k=0.03), k=0.012)
    arms = mirrored(blend(left_arm, left_hand, k=0.012))
    top = blend(torso, skull, k=0.025)
    return blend(blend(top, legs, k=0.06), arms, k=0.05)
