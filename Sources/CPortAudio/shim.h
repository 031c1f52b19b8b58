#include <portaudio.h>
#if defined(__linux__)
#include <pa_linux_alsa.h>
#endif
