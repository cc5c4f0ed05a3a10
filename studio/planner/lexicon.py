"""The words that the rules know: what people do, how they do it, and what they ask of a timeline.

Every table is of base forms; ``inflection.py`` derives the others from them.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What a body does. The first word of a description is one of these, in some form.
VERBS = _words("""
accelerate act adjust aim applaud approach argue attack avoid back balance balk bang bash bat beat
beckon beg bend blow bob bounce bow box brace breathe brush build bump burpee carry cast catch
celebrate chase check cheer chop circle clap clean climb clutch collapse comb come conduct cook
cough cower crab crash crawl creep cross crouch cry curtsy cut dab dance dart dash deadlift defend
dig dip dive dodge dodder drag draw dribble drink drive drop duck dust eat embrace exercise explain
face fall fan feel fence fidget fight fish fist fix flail flap flex flinch flip float flop fly
follow freeze frolic gallop gasp gesture get give glance glide go grab greet grieve grin groan hail
halt hammer hand hang hesitate hide hit hobble hold hop hover hug hunch hurdle hurry jab jerk jog
juggle jump keep kick kiss kneel knock land laugh lean leap lie lift limp listen look loom lower
lunge lurch march massage meditate mime moonwalk mop mourn move nod open pace paddle paint pant
parry pat pause pedal peek perform pet pick pirouette pivot plant play plead point poke pose pounce
pour praise pray prance preach press pretend prowl pull pump punch push put quiver raise read reach
recline recoil relax rest return ride rise roll rotate row rub run rush salute sash saunter scare
scratch scream scrub search shadowbox shake shiver shoot shout shove shrug shuffle shy sidestep sigh
sing sip sit skate ski skip slap sleep slide slip slouch slump smash smile sneak sneeze sniff sob
somersault spar spin spread sprint squat squirm stagger stamp stand stare start stay steady steal
step stir stomp stoop stop straighten stretch stride strike stroll strut stumble stun surf surrender
swagger sway sweep swerve swim swing swoop tackle talk tap taunt tease text think threaten throw
thrust tickle tilt tiptoe topple toss touch traipse tremble trip trot try tuck tumble turn twirl
twist type use vault vomit wade wait wake walk waltz wander wash watch wave weave weep whisper wipe
wobble work worship wrestle write yawn yell zigzag shimmy squeeze pitch tango twerk vogue breakdance
bunny hustle lumber plod totter trudge waddle wriggle stalk scamper scurry charge flee retreat advance
""")

IRREGULAR = {
    "bend": "bent", "blow": "blew blown", "build": "built", "catch": "caught", "come": "came",
    "creep": "crept", "deal": "dealt", "dig": "dug", "do": "did done", "draw": "drew drawn",
    "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten", "fall": "fell fallen",
    "feel": "felt", "fight": "fought", "flee": "fled", "fly": "flew flown", "get": "got gotten",
    "give": "gave given", "go": "went gone", "hang": "hung", "hide": "hid hidden", "hold": "held",
    "keep": "kept", "kneel": "knelt", "lean": "leant", "leap": "leapt", "lie": "lay lain lying",
    "make": "made", "ride": "rode ridden", "rise": "rose risen", "run": "ran", "shake": "shook shaken",
    "shoot": "shot", "sing": "sang sung", "sit": "sat", "sleep": "slept", "slide": "slid",
    "spin": "spun", "stand": "stood", "steal": "stole stolen", "stick": "stuck", "strike": "struck",
    "sweep": "swept", "swim": "swam swum", "swing": "swung", "take": "took taken", "think": "thought",
    "throw": "threw thrown", "wake": "woke woken", "weep": "wept", "write": "wrote written",
    "tie": "tied tying", "have": "had has having", "panic": "panicked panicking",
}  # fmt: skip

#: Verbs that begin a description only with what follows them ("take three steps", "do a flip").
LIGHT = _words("do make take have perform be become begin end finish get give go keep stay tie let")

#: Things that are done: "a cartwheel" is "does a cartwheel".
ACTION_NOUNS = _words("""
backflip backflips cartwheel cartwheels chacha flip flips frontflip frontflips handstand handstands
headstand headstands headspin jacks karate kata lap laps pirouette pushup pushups push-up push-ups
salsa samba split splits situp situps sit-up sit-ups somersault somersaults squats step-up trick
yoga moonwalk plank ballet tai-chi breakdance tango uppercut roundhouse burpees lunges roll handspring
""")

#: Nouns that are what a verb of another look says.
VERB_OF_NOUN = {
    "applause": "clap", "greeting": "greet", "hello": "wave", "celebration": "celebrate",
    "fight": "fight", "laughter": "laugh", "breath": "breathe", "glance": "glance",
    "jumping": "jump", "stride": "stride", "throw": "throw", "movement": "move",
}  # fmt: skip

#: Postures: what is done in one "and" ("sit and read") happens at once.
POSTURES = _words("stand sit kneel lie stay crouch hang squat lean")

ADVERBS_OF = {
    "angry": "angrily", "happy": "happily", "sad": "sadly", "slow": "slowly", "quick": "quickly",
    "fast": "fast", "careful": "carefully", "nervous": "nervously", "proud": "proudly",
    "tired": "tiredly", "drunk": "drunkenly", "gentle": "gently", "soft": "softly",
    "calm": "calmly", "joyful": "joyfully", "joyous": "joyously", "energetic": "energetically",
    "aggressive": "aggressively", "lazy": "lazily", "confident": "confidently", "shy": "shyly",
    "timid": "timidly", "graceful": "gracefully", "elegant": "elegantly", "clumsy": "clumsily",
    "heavy": "heavily", "light": "lightly", "loud": "loudly", "quiet": "quietly",
    "violent": "violently", "wild": "wildly", "stiff": "stiffly", "smooth": "smoothly",
    "hectic": "hectically", "excited": "excitedly", "enthusiastic": "enthusiastically",
    "casual": "casually", "brave": "bravely", "hesitant": "hesitantly", "playful": "playfully",
    "sneaky": "sneakily", "rapid": "rapidly", "sudden": "suddenly", "weak": "weakly",
    "strong": "strongly", "powerful": "powerfully", "forceful": "forcefully", "hard": "hard",
    "high": "high", "low": "low", "big": "big", "wide": "wide", "far": "far", "small": "small",
    "dramatic": "dramatically", "polite": "politely", "anxious": "anxiously",
    "desperate": "desperately", "furious": "furiously", "cheerful": "cheerfully",
    "depressed": "depressedly", "relaxed": "relaxedly", "cautious": "cautiously",
    "vigorous": "vigorously", "frantic": "frantically", "friendly": "in a friendly way",
    "silly": "in a silly way", "robotic": "robotically", "scared": "in a scared way",
    "fearful": "fearfully", "brisk": "briskly", "leisurely": "leisurely", "swift": "swiftly",
    "deep": "deeply", "impatient": "impatiently", "arrogant": "arrogantly", "sleepy": "sleepily",
    "bored": "in a bored way", "surprised": "in a surprised way", "mad": "madly", "eager": "eagerly",
    "respectful": "respectfully", "weary": "wearily", "steady": "steadily", "tense": "tensely",
    "dynamic": "dynamically", "subtle": "subtly", "expressive": "expressively",
    "feminine": "in a feminine way", "masculine": "in a masculine way", "childish": "childishly",
    "old": "like an old person", "natural": "naturally", "intense": "intensely", "lively": "in a lively way",
    "exaggerated": "in an exaggerated way", "hurried": "hurriedly", "theatrical": "theatrically",
}  # fmt: skip

#: Words of manner: they say how, and one takes the place of another when a style is changed.
MANNER = frozenset(a for a in ADVERBS_OF.values() if " " not in a) | _words(
    "backwards aloud apart together mad barely madly merrily gladly gloomily grumpily happily"
)
#: "even slower": what strengthens a manner.
DEGREES = _words(
    "very really quite so too a-bit rather extremely super slightly somewhat even much"
)

SYNONYMS = (
    _words("wave greet hail"),
    _words("run jog sprint dash rush race"),
    _words("walk stroll stride march wander saunter pace"),
    _words("jump leap hop"),
    _words("punch hit strike jab box slap"),
    _words("clap applaud cheer"),
    _words("turn spin rotate twirl pirouette pivot"),
    _words("bow bend curtsy"),
    _words("sit squat crouch"),
    _words("lie recline rest sleep"),
    _words("throw toss pitch cast"),
    _words("dance waltz salsa tango twirl samba"),
    _words("kick boot"),
    _words("fall collapse topple tumble"),
    _words("talk speak chat"),
)

PRONOUNS = _words("he she they him her them his their hers theirs himself herself it its")

#: What may stand before a person's deed: "the man", "somebody", "the other guy".
PEOPLE = _words("""
person persons people man woman boy girl guy character somebody someone figure human actor dancer
lady kid child everyone everybody anybody one player performer avatar fellow men women figures
characters individual individuals partner friend opponent stranger
""")

#: What is done to a timeline, in base form, so that "removing" is known for "remove".
COMMANDS = _words("""
reset connect link bridge unmirror nudge prolong resume retry reroll rework caption compare measure
mark bookmark postpone delay swap isolate anchor recolor retitle unsplit animate exchange interchange
transform substitute convert reshoot recreate smoothen soften polish improve shave chop crop divide
slice halve bypass deactivate activate silence paint
add adjust append apply blend bring cancel change clear clone close continue copy create crop
crossfade cross-fade cut decrease delete describe disable double drop duplicate enable end erase
explain export extend fade fill find finish flip freeze generate give halve hold increase insert
interpolate invert join keep kill lengthen let lock loop make mark merge mirror move mute name offset
pin place play position put quicken redo regenerate remake remove rename render reorder repeat replace
restore retime reverse revert rewind rotate save scratch search select set shift shorten show shrink
slide slow smooth snip solo speed split squeeze start stretch swap switch synthesize take tell time
trim turn undelete undo unlock unmute unpin unsolo use wipe write
""")

COMMON = _words("""
basically paste chase prefer quicker
oops whoops bridge joins join
abrupt actions afternoon alembic alongside alternative anew animation animations anymore area attempt
black blue body bottom break brown call called choose color commands compress conclude considerably
continuously count cursor cyan cycle directly disappear disk dissolve ditch download dump duration
edit edits endlessly entire excellent extra fashion fetch files firstly flag flow fluid forever
forget freely fresh gray green greetings grey harsh help hertz hiya horizontally howdy ignore
include inertialize inertialized infinitely jerky label labeled labelled lane lastly latest leave
leaving liked limit locate lose love manner meant melt mirrored mistake mood morph movie nail
needed needs nevermind nicer normal normally often orange orient original ought output overlap parts
passage pieces pink placement playback playhead precede preceded prefer preferred preview prior
purple real reduce regular release result ripple root rough round saying seam seamless seems send
significantly sooner sound space speedier stationary store strip studio summarize tail tall tempo
tint title trade translation trash travel unanchor unfreeze unhide unloop unreverse unset vanish
variant variation wanted whether white wonder wonderful words yellow
a about above across actually after afterwards again against ago ahead all almost along already also
although always am an and another any anyone anything are arm arms around as at away back backward
backwards bar beginning because been before behind below beside besides between beyond bit blend both
but by camera can cannot capture clip clips clockwise close closer cool copy could couple current
curve degree degrees diagonally did different direction distance does doing done down double during
each early earlier easy either elbow elbows else empty end ending ends enough even ever every
everybody everyone everything exactly example except faster feet few file final finally fine first
fifth fourth sixth seventh eighth ninth tenth floor foot for format forward forwards fps frame frames
from front full further gap gaps gentle good got great ground had half halfway hand hands happen
happening happens has have he head hello her here hers hey hi hi-five high higher him himself his
hip hips hmm hold how however hi I if immediately in inside instead into is it item its itself jaw
just keyframe knee knees know last later layer least left leg legs length less let like little live
long longer look looks loop lot low lower man many marker markers match maybe me meanwhile meter meters
metre metres middle might mind minute minutes mocap model moment more most motion motions movement
much must my name named near neck need never new next nice no none nope nor not note nothing now of off
oh ok okay old on once one ones only onto open opposite or order other others our out outside over
own pair part pause pelvis people per percent perfect performance person piece pin place please pose
position possible previous project pls quarter question quite range rate rather ready really rest
right rotation same scene second seconds see seem selected selection sequence shall she short shorter
should shoulder shoulders side sides sideways simultaneously since single slightly slot slower small smoother so
some somebody someone something soon sorry speed spine spot stage start starting still stop straight
straightaway string style such sure take takes tell ten than thank thanks that the their them then there these
they thing things third this those though three thrice through till time timeline timing times to
together toes too top torso total toward towards track tracks transition transitions try twice two
under until up upper upward upwards us usual version very via video voice waist want was way we well
were what when where which while who whole whose why will wish with within without woman world would
wrist wrists yeah yep yes yet you your zero four five six seven eight nine eleven twelve fifteen
twenty thirty forty fifty sixty hundred thousand ball box chair table door wall bench bed rope stairs
ladder sword guitar phone cup glass bottle book cat dog bird zombie robot monkey soldier ninja king
queen pirate cowboy ghost monster elephant chicken penguin model gorilla crab bear lion mouse horse
circle circles square line lines eight figure figure-eight clockwise counterclockwise counter
anticlockwise happy proud air sky water bag hat stick stone rock fire street room house car bike
baby mother father friend nose face eyes ear ears mouth hair chest stomach belly shirt shoes ankle
ankles finger fingers thumb fist fists palm palms heel heels thigh thighs throne stage log fence puddle
basketball football tennis golf baseball boxing karate drum drums piano violin ramp hill obstacle
bvh fbx glb gltf npz usd mp4 obj json gif png wav blender unity maya unreal number numbers two-handed
ease easing linear smoothly origin center centre apart idle neutral shorten crossfade group beat
sad sadder sadly funny weird wrong better worse best ugly bad dramatic robot-like mid start-frame
somewhat minus plus non fewer fewest scene scenes everything anything nobody goodbye bye cheers morning
evening day night today tomorrow song music rhythm beats hello rather whatever however ahead quickly
crazy insane lovely awesome super wow yay lol haha sir madam mate guys folks
""")

#: Words that mean the same to a grammar, as they are typed.
SAME = {
    "pls": "please", "plz": "please", "u": "you", "ur": "your", "r": "are", "n": "and", "w": "with",
    "thx": "thanks", "ty": "thanks",
    "anti-clockwise": "anticlockwise", "counter-clockwise": "anticlockwise",
    "counterclockwise": "anticlockwise", "counter": "counter", "fwd": "forward",
    "w/": "with", "&": "and", "+": "and", "->": "then", "=>": "then", "→": "then", ">": "then",
    "gonna": "going to", "wanna": "want to", "dont": "do not", "don't": "do not",
    "doesn't": "does not", "didn't": "did not", "can't": "can not", "cannot": "can not",
    "won't": "will not", "shouldn't": "should not", "let's": "let us", "lets": "let us",
    "what's": "what is", "whats": "what is", "who's": "who is", "where's": "where is",
    "how's": "how is", "he's": "he is", "she's": "she is", "it's": "it is", "they're": "they are",
    "that's": "that is", "i'd": "i would", "i'll": "i will", "i'm": "i am", "im": "i am",
    "i've": "i have", "you're": "you are", "there's": "there is", "isn't": "is not",
    "aren't": "are not", "colour": "color", "&amp;": "and", "everybody": "everyone",
    "anim": "animation", "regen": "regenerate", "dup": "duplicate", "del": "delete",
    "rm": "delete", "vid": "video", "pt": "part", "x-fade": "crossfade", "xfade": "crossfade",
    "cross-fade": "crossfade", "redoing": "redo", "framerate": "fps", "fwds": "forwards",
    "bwd": "backward", "alot": "much", "ctrl-z": "undo", "he'll": "he will", "she'll": "she will",
    "wont": "will not", "doesnt": "does not", "cant": "can not",
}  # fmt: skip

NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "zero": 0,
}  # fmt: skip

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5,
    "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10, "last": -1, "final": -1,
    "penultimate": -2, "middle": 0,
}  # fmt: skip

#: What a length, an angle, a time is measured in, as typed, and how many of the usual unit it is.
UNITS = {
    "s": ("seconds", 1.0), "sec": ("seconds", 1.0), "secs": ("seconds", 1.0),
    "second": ("seconds", 1.0), "seconds": ("seconds", 1.0), "ms": ("seconds", 0.001),
    "millisecond": ("seconds", 0.001), "milliseconds": ("seconds", 0.001),
    "min": ("seconds", 60.0), "minute": ("seconds", 60.0), "minutes": ("seconds", 60.0),
    "f": ("frames", 1.0), "frame": ("frames", 1.0), "frames": ("frames", 1.0),
    "m": ("metres", 1.0), "metre": ("metres", 1.0), "metres": ("metres", 1.0),
    "meter": ("metres", 1.0), "meters": ("metres", 1.0), "cm": ("metres", 0.01),
    "centimetres": ("metres", 0.01), "centimeters": ("metres", 0.01),
    "ft": ("metres", 0.3048), "feet": ("metres", 0.3048), "foot": ("metres", 0.3048),
    "yard": ("metres", 0.9144), "yards": ("metres", 0.9144),
    "degree": ("degrees", 1.0), "degrees": ("degrees", 1.0), "deg": ("degrees", 1.0),
    "°": ("degrees", 1.0), "fps": ("fps", 1.0), "hz": ("fps", 1.0),
    "x": ("times", 1.0), "times": ("times", 1.0), "time": ("times", 1.0),
    "%": ("percent", 1.0), "percent": ("percent", 1.0),
}  # fmt: skip
