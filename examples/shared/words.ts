// The two word lists that random chat names (`BraveOtter`) are drawn from.

/** 625 adjectives, sorted. With the 240 animals: 625 x 240 = 150,000 pairs. */
export const ADJECTIVES: readonly string[] = words(`
  Able Academic Acrobatic Active Adaptable Adept Admirable Adorable Adroit Advanced
  Affable Ageless Agile Agreeable Airy Alert Alpine Amazing Amber Ambitious Amiable
  Amicable Amused Amusing Animated Apt Aquatic Arboreal Arctic Ardent Artful Artistic
  Astral Astute Athletic Attentive Authentic Autumnal Avid Awake Aware Awesome Azure
  Balanced Beaming Beautiful Beloved Benevolent Best Blissful Blithe Boisterous Bold Bonny
  Bookish Bouncy Boundless Bountiful Brainy Brave Breezy Bright Brilliant Brisk Bubbly
  Bucolic Buoyant Busy Calm Candid Canny Capable Carefree Careful Caring Charmed Charming
  Chatty Cheerful Cheery Cherished Chic Chipper Chirpy Chivalrous Chummy Clear Clever
  Cloudy Coastal Cobalt Comfy Comical Competent Composed Concise Confident Congenial Cool
  Cordial Cosmic Cosy Courageous Courteous Courtly Creative Crimson Cuddly Curious Cute
  Cyan Dainty Dandy Dapper Dappled Daring Dashing Dauntless Dazzling Dear Debonair Decent
  Decisive Dedicated Deft Delicate Delighted Delightful Deluxe Dependable Determined
  Devoted Dexterous Dignified Diligent Discreet Doughty Dramatic Dreamy Droll Dulcet
  Dutiful Dynamic Eager Early Earnest Easygoing Ebullient Eclectic Effortless Elated
  Electric Elegant Elfin Eloquent Elusive Emerald Eminent Enchanted Enchanting Endearing
  Endless Energetic Engaging Epic Erudite Esteemed Evergreen Excellent Exemplary Expert
  Expressive Exquisite Exuberant Fabled Fabulous Famous Fanciful Fancy Fantastic
  Farsighted Fast Fearless Festive Fizzy Fleecy Fleet Floral Flowery Fluent Fluffy Focused
  Fond Forgiving Forthright Fortunate Fresh Friendly Frosty Frugal Fruitful Funny Fuzzy
  Galactic Gallant Generous Genial Genteel Gentle Genuine Gifted Gilded Glad Gladsome
  Gleaming Gleeful Glimmering Glittering Glittery Glorious Glossy Glowing Golden Good
  Gorgeous Graceful Gracious Grand Grateful Great Gregarious Grinning Groovy Halcyon Hale
  Handsome Handy Happy Hardy Harmonious Healthy Hearty Heedful Helpful Heroic Hidden
  Hilarious Historic Honest Honored Hopeful Hospitable Humane Humble Humming Humorous
  Hushed Icy Ideal Idyllic Impish Impressive Incredible Indigo Ingenious Innovative
  Inquiring Insightful Inspired Inspiring Intrepid Intuitive Inventive Iridescent Jaunty
  Jazzy Jocular Jocund Jolly Jovial Joyful Joyous Jubilant Judicious Keen Kind Kindly
  Kinetic Knightly Knowing Lasting Laughing Lavender Leafy Leaping Learned Legendary
  Leisurely Likable Lilac Lilting Limitless Lively Lofty Logical Lovable Lovely Loyal
  Lucid Lucky Luminous Lunar Lyrical Magenta Magical Magnetic Majestic Mannerly Marvelous
  Matchless Mauve Mellow Melodic Melodious Memorable Merry Methodical Meticulous Mighty
  Mild Mindful Minty Mirthful Misty Modern Modest Moonlit Mossy Musical Mysterious
  Mythical Natty Natural Nautical Neat Neighborly Nice Nifty Nimble Noble Nocturnal
  Notable Novel Oaken Obliging Observant Oceanic Optimistic Opulent Orderly Organized
  Original Ornate Outgoing Overjoyed Pastel Patient Peaceable Peaceful Peachy Pearly
  Peerless Peppy Perceptive Perfect Personable Placid Playful Pleasant Pleased Plucky
  Poetic Poised Polar Polished Polite Popular Positive Powerful Practical Pragmatic
  Precious Precise Pretty Prismatic Pristine Prized Proficient Prompt Proper Prosperous
  Proud Prudent Puckish Punctual Purple Purposeful Quaint Questing Quick Quiet Quirky
  Quixotic Quizzical Radiant Rambling Rapid Ready Realistic Refined Refreshed Refreshing
  Regal Relaxed Relaxing Reliable Remarkable Renowned Reputable Resilient Resolute
  Resonant Respectful Restful Retro Rhythmic Roaming Robust Rollicking Rosy Roving Rugged
  Russet Rustic Sagacious Sage Sandy Sapient Savvy Scarlet Scenic Scholarly Seafaring
  Seaworthy Secret Secure Selfless Sensible Serene Serious Sharp Shimmery Shining Shiny
  Shipshape Silent Silken Silky Silver Silvery Sincere Singing Skilled Skillful Sleek
  Sleepy Smart Smiling Smooth Snappy Snazzy Snowy Snug Soaring Sociable Solar Sonic
  Sonorous Soothing Soulful Sparkling Sparkly Speckled Speedy Spiffy Spirited Splendid
  Sporty Spotless Spotted Sprightly Springy Spruce Spry Stalwart Starlit Starry Stately
  Steadfast Steady Stellar Sterling Stoic Storied Striped Strong Studious Sturdy Stylish
  Suave Sublime Subtle Summery Sunlit Sunny Super Superb Surefooted Sweet Swell Swift
  Sylvan Symphonic Tactful Talented Talkative Tasteful Temperate Tenacious Terrific
  Thankful Thoughtful Thrifty Thrilled Thrilling Thriving Tidy Timeless Timely Tiny
  Tireless Topnotch Tranquil Treasured Tremendous Trendy Triumphant Tropical Trustful
  Trusting Trusty Truthful Tuneful Turquoise Tweedy Twinkling Ultimate Unafraid Unbeaten
  Undaunted Unhurried Unique Unrivaled Unruffled Unselfish Unwavering Upbeat Uplifting
  Upstanding Urbane Valiant Valuable Valued Velvety Venerable Verdant Vermilion Vernal
  Versatile Vibrant Victorious Vigilant Vigorous Vintage Violet Visionary Vivacious Vivid
  Waggish Wandering Warm Watchful Welcome Welcoming Whimsical Whirling Whistling Wholesome
  Wild Winged Winning Winsome Wintry Wise Witty Wonderful Wondrous Woolly Worthy Youthful
  Zany Zestful Zesty Zingy Zippy
`);

/** 240 animals, sorted. With the 625 adjectives: 625 x 240 = 150,000 pairs. */
export const ANIMALS: readonly string[] = words(`
  Aardvark Albatross Alligator Alpaca Anchovy Angelfish Ant Anteater Antelope Armadillo
  Avocet Axolotl Badger Bandicoot Bat Bear Bee Beetle Beluga Bilby Bison Bluebird Bluejay
  Bobcat Budgie Buffalo Bumblebee Butterfly Canary Capybara Caracal Caribou Cat Chaffinch
  Chameleon Cheetah Chickadee Chinchilla Chipmunk Cicada Clownfish Condor Cormorant Crane
  Crayfish Cricket Crocodile Curlew Cuttlefish Cygnet Deer Dolphin Dormouse Dove Dragonfly
  Duck Duckling Eagle Echidna Egret Elephant Elk Emu Ermine Falcon Fawn Ferret Finch
  Firefly Flamingo Flounder Foal Fox Gannet Gazelle Gecko Giraffe Goldfinch Goldfish Goose
  Gopher Gosling Grebe Guppy Haddock Halibut Hamster Hare Hawk Hedgehog Heron Herring
  Honeybee Hoopoe Hornbill Hornet Horse Hoverfly Ibex Ibis Iguana Impala Jackdaw Jaguar
  Jay Jellyfish Kangaroo Katydid Kestrel Kingfisher Kitten Koala Koi Kookaburra Kudu
  Ladybird Ladybug Lapwing Lark Leopard Lion Lionfish Lizard Llama Lobster Lorikeet Lynx
  Lyrebird Macaw Mackerel Magpie Mallard Manatee Mantis Marlin Marmot Marten Mayfly
  Meadowlark Meerkat Merlin Minnow Mongoose Moose Moth Mouse Narwhal Nautilus Newt Ocelot
  Octopus Okapi Orca Oriole Oryx Osprey Ostrich Otter Owl Owlet Panda Pangolin Panther
  Parakeet Parrot Partridge Peafowl Pelican Penguin Pheasant Pigeon Pika Platypus Plover
  Pony Porcupine Porpoise Possum Ptarmigan Puffin Puma Puppy Quail Quetzal Quokka Rabbit
  Raven Reindeer Rhino Roadrunner Robin Rook Salamander Salmon Sandpiper Sardine Scallop
  Seagull Seahorse Seal Serval Shark Skylark Sloth Snail Sparrow Springbok Squid Squirrel
  Stag Starling Stingray Stoat Stork Sturgeon Sunfish Swan Swordfish Tadpole Tapir Tern
  Terrapin Tiger Tortoise Toucan Trout Turtle Vole Wagtail Wallaby Walrus Warbler Waxwing
  Wildcat Wolf Wolverine Wombat Wren Yak Zebra
`);

/** Splits a block of words on white space into a frozen list. */
function words(block: string): readonly string[] {
  return Object.freeze(block.trim().split(/\s+/));
}
