# How threads and lengths of time are written.

thread-nobody = _somebody (not named yet)_
thread-nobody-plain = not named yet
thread-muted = 🔕 { $thread }
thread-titled = { $client } · { $title }
span-both = { $hours } h { $minutes } min
span-hours = { $hours } h
span-minutes = { $minutes } min
