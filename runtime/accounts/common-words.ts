/**
 * What passwords are made of again and again, in lower case: words, names, teams, places, and whole passwords. Short ones, numbers and
 * rows of keys are found by rule.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
password passwort passw0rd passwd pass secret secrets geheim letmein letme welcome willkommen bienvenue bienvenido
hello hallo hola bonjour login logon signin user username admin administrator administrateur root toor guest guests
test tests tester testing default changeme change changeit temp temporary demo sample example master access
accessdenied account server system manager office company business work worker boss owner support service helpdesk
security secure private public internet computer laptop desktop keyboard mouse monitor windows linux ubuntu apple
google facebook twitter instagram youtube amazon microsoft oracle cisco samsung nokia sony dell intel android iphone
chrome firefox yahoo gmail hotmail outlook skype netflix spotify trustno1 trustno iloveyou iloveu loveyou loveme
lovely love lover lovers forever always whatever nothing something anything everything someone nobody anybody abcd1234
asdf asdfasdf qwer qwerasdf zxcv qazwsx qazwsxedc wsxedc qweasd qweasdzxc asdzxc aaaa1111 aabbcc aabb1122 q1w2e3
zaq1zaq zaq12wsx 1qazxsw2 xsw2 mnbvcxz lkjhgfdsa poiuytrewq ytrewq monkey dragon baseball football basketball soccer
hockey tennis golf golfer rugby cricket volleyball racing sport sports player players game games gamer gaming
playstation nintendo xbox minecraft fortnite pokemon pikachu mario zelda sonic halo starcraft warcraft diablo counter
strike counterstrike callofduty assassin superman batman spiderman ironman hulk wolverine starwars startrek matrix
trinity morpheus gandalf frodo hobbit sauron merlin wizard magic magician harry potter hermione dumbledore voldemort
gryffindor slytherin hogwarts naruto sasuke goku vegeta dragonball onepiece luffy bleach princess prince queen king
kings kingdom knight angel angels heaven hell devil demon satan jesus christ jesuschrist church faith hope grace bless
blessed blessing godisgood lord savior bible holy spirit soul peace freedom liberty justice shadow sunshine summer
winter spring autumn sommer frühling herbst verano invierno printemps automne hiver january february march april june
july august september october november december januar februar märz juni juli oktober dezember monday tuesday
wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag today tomorrow
yesterday morning evening night midnight sunrise sunset moonlight daylight starlight michael jennifer jordan thomas
robert daniel jessica ashley michelle nicole andrew joshua matthew anthony william david james john johnny joseph
charles charlie christopher chris christian christine christina richard george edward edwin brian kevin steven stephen
stephanie mark marc martin martina maria marie mary anna annie anne andrea andreas alexander alexandra alexis alex
sandra samantha sarah sara laura lauren linda lisa lucas luke julia julian juliana julie peter petra paul paula
patrick patricia pamela barbara brenda bruce brandon brandy bobby billy benjamin bernard carlos carmen carol caroline
catherine katherine katie kathy karen kimberly kelly claudia daniela debbie deborah denise dennis diana diane dominic
donald donna dorothy douglas elizabeth eliza emily emma eric erika ernest eugene felix frank frankie franziska
friedrich gabriel gabriela gary gerald gloria gordon gregory hannah harold harrison heather helen helena henry isabel
isabella jack jackson jacob jake jason jasmine jeffrey jeremy jerry joanna jonathan jose juan karl katrin keith
kenneth kristin larry lawrence leonard leonardo lewis louis louise lorenzo manuel manuela marcel marco marcus margaret
marina marion marvin melanie melissa mercedes miguel monica monika morgan nancy natalie natasha nathan nicholas nick
nicolas nikita oliver olivia oscar pablo pedro philip philipp phillip rachel ralph ramona raymond rebecca ricardo
rodrigo roland ronald rosa rose ross roxanne ruben russell ryan sabine sabrina sebastian sergio shannon sharon shirley
silvia simon simone sophia sophie spencer stanley stefan stefanie steffen susan susanne sven sylvia tamara tanya
taylor teresa theodore theresa tiffany timothy tobias tommy tony tracy tyler ulrich valentina valeria vanessa veronica
victor victoria vincent virginia vivian walter wendy werner wolfgang yvonne zachary abigail adrian adriana aaron
albert alberto alejandro alfred alice alicia allison amanda amber andre angela angelina angelo antonio armando arnold
arthur austin bailey barry beatrice becky bella betty beverly bianca blake bonnie bradley brittany bryan calvin
cameron camila carla casey cassandra cecilia chelsea cheryl chester clara clarence colin connor courtney craig crystal
curtis cynthia dakota dallas danielle danny darren dean derek destiny dustin dylan eduardo elena ellen erica ethan
evelyn fernando francis francisco freddy frederick hunter garrett geoffrey gilbert giovanni graham guillermo gustavo
hector herbert holly howard hugo ingrid irene jaime jamie janet janice javier jeanne jenny jesse jill joanne jorge
joyce judith justin kaitlyn karina kayla kurt kyle leslie lillian logan lucia lucy luis madison maggie malcolm mason
maurice maxwell megan miranda mitchell molly nadine naomi nelson norman pascal paulina perry preston rafael randy raul
regina robin roberto roger roman rudolf sally salvador scott sean serena shane shawn sierra stella stuart sydney thor
tina travis trevor troy ursula vera wayne wesley whitney xavier mohamed mohammed muhammad ahmed ahmad hassan hussein
fatima aisha ibrahim ismail mustafa yusuf abdullah rahman khan kumar singh sharma patel krishna ganesh shiva lakshmi
rahul amit anil priya deepak sanjay vijay suresh ramesh rajesh wang zhang chen yang huang zhao zhou liang tanaka
suzuki sato watanabe yamamoto nakamura kobayashi takahashi sakura hiroshi yuki akira kenji haruka hanako taro nguyen
minh hoang ivan igor sergey dmitry vladimir natalia olga svetlana tatiana anastasia ekaterina irina boris nikolai
pavel andrei aleksandr marek tomasz krzysztof agnieszka katarzyna malgorzata mother father mama papa mommy daddy
brother sister family familie familia famille baby babygirl babyboy babe honey sweetie sweetheart sweet sugar candy
cookie cookies chocolate vanilla strawberry cherry banana orange lemon peach mango kiwi coconut pineapple blueberry
berry pumpkin pepper ginger cinnamon cheese pizza burger pasta bacon chicken turkey steak coffee beer wine whiskey
vodka tequila cocacola coke pepsi sprite water fire earth wind flower flowers daisy lily tulip violet sunflower orchid
rosebud garden forest tree trees river ocean beach island mountain hill valley desert snow snowball snowman rain
rainbow storm thunder lightning cloud star stars starfish moon moonbeam galaxy universe planet mars jupiter saturn
pluto venus mercury apollo zeus hercules athena artemis phoenix pegasus unicorn tiger tigers tigger lion lions panther
leopard jaguar cougar cheetah bear bears teddybear panda koala wolf wolves foxes eagle eagles falcon falcons hawk
hawks raven ravens parrot penguin penguins duck ducks goose rooster rabbit bunny hamster turtle snake snakes cobra
python viper spider scorpion shark sharks dolphin dolphins whale fish fishing fisher butterfly dragonfly ladybug
honeybee horse horses pony mustang stallion cowboy cowboys donkey buffalo bulls bulldog bulldogs puppy puppies doggy
doggie dogs lucky buddy rocky bandit smokey sparky patches snoopy scooby garfield kitty kitten kittens cats pussy
pussycat hellokitty mickey minnie goofy simba nala bambi dumbo tinkerbell cinderella barbie disney pooh winnie tweety
bugsbunny spongebob simpsons homer bart southpark cartman familyguy blue green yellow purple black white pink silver
golden gold brown grey gray turquoise scarlet redsox yankees dodgers giants steelers packers patriots broncos raiders
chargers redskins colts vikings saints chiefs lakers celtics heat spurs knicks rangers bruins blackhawks maple leafs
mets cubs braves cardinals phillies arsenal liverpool manchester united everton tottenham westham newcastle celtic
barcelona realmadrid madrid valencia sevilla juventus milan inter roma napoli lazio bayern munich münchen dortmund
borussia schalke werder hamburg stuttgart leipzig frankfurt köln koeln berlin dresden bremen hannover nürnberg ajax
feyenoord benfica porto flamengo palmeiras corinthians boca juniors messi ronaldo neymar beckham maradona zidane
rooney lebron kobe bryant jordan23 michaeljordan federer nadal schumacher hamilton verstappen vettel ferrari porsche
audi volkswagen toyota honda nissan mazda subaru yamaha kawasaki ducati harley davidson harleydavidson chevy chevrolet
camaro corvette dodge charger challenger jeep ford lexus lamborghini bugatti maserati volvo saab peugeot renault
citroen fiat alfa romeo truck trucks driver driving racecar turbo nitro diesel engine motor london paris rome tokyo
osaka kyoto beijing shanghai hongkong singapore melbourne brisbane perth auckland newyork brooklyn manhattan queens
bronx chicago boston houston denver seattle portland atlanta miami orlando tampa detroit cleveland pittsburgh
philadelphia baltimore washington nashville memphis newyorkcity losangeles hollywood oakland sanfrancisco sandiego
lasvegas vegas texas florida california georgia carolina alaska hawaii america american canada toronto montreal
vancouver mexico brazil brasil argentina chile peru colombia venezuela england english britain british scotland
ireland irish wales france french germany german deutschland österreich austria schweiz switzerland swiss spain espana
spanish italy italia italian portugal holland netherlands belgium denmark sweden sverige norway finland iceland poland
polska russia ukraine greece israel egypt africa india china japan nippon korea vietnam thailand indonesia malaysia
philippines australia newzealand europe asia world music guitar guitars piano drums drummer violin trumpet singer
dancer dancing dance rock rocker rocknroll metal metallica slipknot nirvana greenday linkinpark eminem rihanna beyonce
shakira madonna elvis beatles rolling stones pinkfloyd ledzeppelin acdc ironmaiden blacksabbath megadeth slayer
pantera korn limpbizkit blink182 coldplay radiohead u2u2 genesis marley bobmarley reggae hiphop rapper tupac biggie
snoop snoopdogg wutang 50cent jayz kanye drake justinbieber onedirection blackpink gangnam money cash dollar dollars
rich million millionaire billion lottery casino poker lucky7 jackpot diamond diamonds ruby emerald sapphire pearl
treasure pirate pirates ninja samurai warrior warriors soldier army navy marine marines airforce military sniper
killer killers murder death dead zombie vampire dracula ghost skull blood bloody poison danger dangerous crazy insane
psycho maniac angry happy happiness smile smiley laugh funny joker clown haha hahaha cool awesome amazing fantastic
perfect excellent super superstar champion champions winner winners winning victory legend legends hero heroes power
powerful strong stronger energy force maximus spartan gladiator titan titans giant mega ultra extreme xtreme speed
speedy fast furious fastfurious flash rocket rockets missile bomber boomer bullet gunner shooter pistol rifle weapon
sword blade razor hammer chainsaw sexy sexygirl sexsex hotgirl hotstuff hottie beautiful pretty cutie cute cutiepie
gorgeous darling dear dearest beloved kiss kisses kissme hugs heart hearts passion romance romantic valentine marriage
married wedding husband wife girlfriend boyfriend girls girl boys lady ladies woman women gentleman bitch bitches slut
fuck fucker fucking fuckyou fuckme fuckoff fuckit shit bullshit asshole bastard damn motherfucker penis cock dick
boobs tits porn porno xxxx naked school student students teacher college university campus study book books library
reader reading writer writing science physics chemistry biology math maths mathematics history geography class
classroom graduate doctor nurse hospital medicine pharmacy lawyer police officer firefighter fireman pilot captain
sailor skipper engineer developer programmer hacker hackers coder coding program software hardware network website
database digital cyber electric electronic robot robots machine laser quantum atomic nuclear plasma house home haus
casa maison room door window kitchen bedroom bathroom garage roof floor wall table chair lamp light mirror clock watch
phone telephone mobile number numbers letter letters word words name names keys open sesame opensesame enter entry
exit start starter begin stop pause play reset restart update upgrade install download upload copy paste delete backup
restore connect online offline alpha beta gamma delta omega sigma theta bravo foxtrot hotel juliet kilo lima mike
quebec tango uniform xray yankee zulu correct battery staple qwerty passwords mypassword mypass mysecret newpassword
oldpassword nopassword thepassword yourpassword passphrase passcode pincode p4ssword contraseña contrasena clave senha
parola wachtwoord haslo heslo lozinka salasana lösenord motdepasse azerty azertyuiop qwertz qwertzui schatz schatzi
liebe hase hasi maus mausi engel sonne sonnenschein blume stern himmel teufel katze hund pferd vogel fisch schalke04
bvb09 fussball werkstatt ficken arschloch scheisse soleil amour doudou chouchou loulou coucou jetaime chocolat
nathalie camille marseille amor teamo tequiero estrella corazon princesa hermosa bonita futbol barca himitsu aishiteru
doraemon totoro anime manga otaku kawaii
`
    .split(/\s+/)
    .filter((word) => word !== ''),
)
