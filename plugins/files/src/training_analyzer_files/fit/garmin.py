"""Garmin's watches and bike computers by the numbers that stand in their files, where their names do not."""

from collections.abc import Mapping
from typing import Final

_NUMBERS: Final = """
    Edge 500: 1036 1199 1213 1387 1422
    Edge 800: 1169 1333 1334 1386 1497
    Edge 200: 1325 1555
    Edge 510: 1561 1742 1821 1918
    Edge 810: 1567 1721 1822 1823
    Edge Touring: 1736
    Edge 1000: 1836 2052 2053 2070 2100 2274
    Edge 520: 2067 2260 2261
    Edge 25: 2147 2288 2289
    Edge Explore 1000: 2204
    Edge 20: 2238 2290
    Edge 820: 2530 2599 2600 2628 2629 2630
    Edge Explore 820: 2531
    Edge 1030: 2713 2924
    Edge 130: 2909 3092
    Edge Explore: 3011
    Edge 1030 Bontrager: 3095
    Edge 520 Plus: 3112 3142
    Edge 530: 3121 3349
    Edge 830: 3122 3350
    Edge 130 Plus: 3558 3813
    Edge 1030 Plus: 3570 3812
    Edge 1040: 3843 4305
    Edge 540: 4061
    Edge 840: 4062
    Edge Explore 2: 4169
    Edge 1050: 4440
    Forerunner 301: 473 474 475 494
    Forerunner 405: 717 987
    Forerunner 50: 782
    Forerunner 60: 988
    Forerunner 310XT: 1018 1446
    Forerunner 110: 1124 1274
    Forerunner 910XT: 1328 1537 1600 1664
    Forerunner 610: 1345 1410
    Forerunner 210: 1360
    Forerunner 70: 1436
    Forerunner 10: 1482 1688
    Forerunner 620: 1623 1928 1929 2072 2173
    Forerunner 220: 1632 1930 1931 2073 2174
    Forerunner 920XT: 1765 2130 2131 2132
    Forerunner 15: 1903 2061
    Forerunner 25: 2148
    Forerunner 225: 2153 2219
    Forerunner 630: 2156 2310 2311
    Forerunner 230: 2157 2313
    Forerunner 735XT: 2158 2533 2534
    Forerunner 235: 2396 2397 2431 2733 3144
    Forerunner 35: 2503 2650 2667 2668 2727 2814
    Forerunner 935: 2691 2833
    Forerunner 645: 2886 3003
    Forerunner 645 Music: 2888 3004
    Forerunner 30: 2891 2977
    Forerunner 245: 3076 3145
    Forerunner 245 Music: 3077 3321
    Forerunner 945: 3113 3441
    Forerunner 45: 3282 3469
    Forerunner 745: 3589 3794
    Forerunner 945 LTE: 3652 3978
    Forerunner 55: 3869 4033
    Forerunner 255 Music: 3990
    Forerunner 255S Music: 3991
    Forerunner 255: 3992
    Forerunner 255S: 3993
    Forerunner 955: 4024
    Forerunner 265: 4257
    Forerunner 265S: 4258
    Forerunner 965: 4315
    Forerunner 165: 4432
    Forerunner 165 Music: 4433
    fēnix: 1551
    fēnix 2: 1967
    fēnix 3: 2050 2188 2189 2293 2407 2408
    fēnix 3 HR: 2413 2473 2474 2475 2476 2477
    fēnix 3 Chronos: 2432 2675
    fēnix 5S: 2544 2797
    fēnix 5X: 2604 2798
    fēnix 5: 2697 2796
    fēnix 5S Plus: 2900 3134
    fēnix 5 Plus: 3110
    fēnix 5X Plus: 3111 3135
    fēnix 6S: 3287 3288 3512 3513
    fēnix 6: 3289 3290 3514 3515
    fēnix 6X: 3291 3516
    fēnix 7S: 3905 3908
    fēnix 7: 3906 3909
    fēnix 7X: 3907 3910
    fēnix 7S Pro Solar: 4374
    fēnix 7 Pro Solar: 4375
    fēnix 7X Pro Solar: 4376
    fēnix 8 Solar: 4532 4533
    fēnix 8: 4534 4536
    fēnix E: 4666
    epix: 1988 2332 2457
    epix (Gen 2): 3943 3944
    epix Pro (Gen 2): 4312 4313 4314
    Enduro: 3638 3872
    Enduro 2: 4341
    Enduro 3: 4575
    Instinct Esports: 3126
    Instinct Solar: 3466
    Instinct 2: 3888 4071
    Instinct 2S: 3889
    Instinct Crossover: 4155
    Instinct 2X: 4394
    Instinct E: 4583 4584
    Instinct 3 Solar: 4585 4759
    Instinct 3 AMOLED: 4586 4587
    tactix 7: 4135
    tactix 8: 4775 4776
    MARQ Driver: 3246 3420
    MARQ Aviator: 3247 3421
    MARQ Captain: 3248 3448
    MARQ Commander: 3249 3449
    MARQ Expedition: 3250 3450
    MARQ Athlete: 3251 3451
    MARQ Adventurer: 3624 3648
    MARQ Golfer: 3739 3850
    MARQ (Gen 2): 4105
    MARQ Aviator (Gen 2): 4124
    MARQ Commander (Gen 2): 4472
    Descent: 2859
    Descent T1: 3143
    Descent Mk2: 3258 3702
    Descent Mk2S: 3542 3930
    Descent G1: 4005 4132
    Descent Mk3: 4222
    Descent Mk3i: 4223
    Descent T2: 4442
    Descent G2: 4588
    Venu: 3226
    Venu Sq Music: 3596 3599
    Venu Sq: 3600 3837
    Venu 2: 3703 3950
    Venu 2S: 3704 3949
    Venu 2 Plus: 3851 4017
    Venu Sq 2: 4115
    Venu Sq 2 Music: 4116
    Venu 3: 4260
    Venu 3S: 4261
    vívoactive: 1907 2160
    vívoactive HR: 2337 2497
    vívoactive 3: 2700
    vívoactive 3 Music: 2988 3066 3163
    vívoactive 4S: 3224 3387
    vívoactive 4: 3225 3388 3389
    vívoactive 5: 4426
    vívoactive 6: 4625
    Swim: 1499
    Swim 2: 3405 3639
"""
"""`garmin_product` in the FIT profile. What is sold in several parts of the world has several numbers."""
NAMES: Final[Mapping[str, str]] = {
    f"garmin {number}": f"Garmin {name.strip()}"
    for name, _, numbers in (line.partition(":") for line in _NUMBERS.strip().splitlines())
    for number in numbers.split()
}
