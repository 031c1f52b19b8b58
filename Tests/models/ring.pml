/* One ring of docs/protocols/shared-memory.md: a process that writes, one that reads, and the memory between them.
   README.md says what is modelled and what is not; scripts/proofs/ring-model runs it with these switches:

     DEPTH=n          stores that a process may have made which memory does not show yet (3; 0: sequential consistency)
     REORDER          those stores reach memory in any order, except that release stores wait for all before them and
                      two stores to one word keep their order; without it in the order in which they were made
     TIMEOUT          a sleep may end at any time by itself (250 ms, a signal)
     ENDS             the writer may end the stream
     DEATHS           one of the processes may be killed at any step
     WRITER_CLOSES, READER_CLOSES
                      this end may let go at any time
     FEW              fewer streams: every record has 3 units or is one of two that have 2, and is given back at once
     WAKE_ALWAYS      the wakers make no fence and do not look: they store 0 and wake
     LOOK_AT_SOCKET   differs from the document: the second look is also whether the other end has closed
                      the socket

   and with those that break the protocol, which stand where they act, in `#ifdef`. */

#ifndef DEPTH
#define DEPTH 3
#endif

/* A unit is 8 bytes: a header alone, or as much payload. The ring has 4, so a record has at most 3 (`length` at most
   half the ring, and the header) and each of a message that is cut at most 2 (a quarter, and the header). Counters are
   kept modulo twice the ring, in which all that the protocol asks of them (at most 4 apart) has one answer: what is
   shown holds for streams of any length. */
#define RING 4
#define modulo(n) ((n) & 7)

#define WRITER 0
#define READER 1
#define NOBODY 2

/* The words of memory. The data lies in words 0 to 3. */
#define PUBLISHED 4
#define ENDED 5
#define CONSUMED 6
#define DATA_WAIT 7
#define SPACE_WAIT 8
#define RELEASE 16 /* added to a word's number in a store buffer */

byte memory[9];

/* What a unit holds: the lower three bits of its number; in a header also its record's units, whether the message goes
   on in the next record (bit 5), and whether it began in an earlier one (bit 6, which only the model has). */
#define header(number, units, more, later) ((number) | ((units) << 3) | ((more) << 5) | ((later) << 6))
#define NOTHING 255

typedef StoreBuffer {
    byte count;
#if DEPTH > 0
    byte word[DEPTH];
    byte value[DEPTH]
#endif
}
StoreBuffer stores[2];

byte head, tail; /* each is known to its process; the properties below look at both */
byte need;       /* units that the writer waits for */
bool asleep[2];  /* queued in the kernel, on the word that this process waits on */
bool over[2];    /* has reported its end, or is dead */
bool idle;       /* the writer has nothing to write for now */
bool closed;     /* the socket */
byte victim = NOBODY; /* who was killed */
byte leaver = NOBODY; /* who lets go, in whatever its thread is at the ring, which then stops */
#ifdef WITNESS
bool slept[2];
#endif

/* Safety, seen from memory: counters only grow, by no more than there is, and no unit is stored over one that is
   published and not given back. */
inline reach_memory(to, what) {
    if
    :: to == PUBLISHED ->
        assert(modulo(what - memory[PUBLISHED]) >= 1 && modulo(what - memory[PUBLISHED]) <= RING);
        assert(modulo(what - memory[CONSUMED]) <= RING)
    :: to == CONSUMED ->
        assert(modulo(what - memory[CONSUMED]) >= 1 && modulo(what - memory[CONSUMED]) <= RING);
        assert(modulo(memory[PUBLISHED] - what) <= RING);
        /* What is given back may not be looked at again. */
        do
        :: memory[CONSUMED] != what ->
            memory[memory[CONSUMED] % RING] = NOTHING;
            memory[CONSUMED] = modulo(memory[CONSUMED] + 1)
        :: else -> break
        od
    :: to < RING ->
        assert(modulo(what - memory[CONSUMED]) < RING);
        assert(modulo(what - memory[CONSUMED]) >= modulo(memory[PUBLISHED] - memory[CONSUMED]))
    :: else
    fi;
    memory[to] = what
}

#if DEPTH > 0
#define can_store(process) (stores[process].count < DEPTH)
#define drained(process) (stores[process].count == 0)
inline put(process, to, what) {
    stores[process].word[stores[process].count] = to;
    stores[process].value[stores[process].count] = what;
    stores[process].count++
}
#else
#define can_store(process) true
#define drained(process) true
inline put(process, to, what) {
    reach_memory(((to) & 15), (what))
}
#endif

/* Neither process ever loads a word that its own buffer may still hold: of the words that it stores it loads only the
   one that its futex call compares, and that call drains the buffer. */
inline load(from, into) {
    into = memory[from]
}

inline store(process, to, what) {
    atomic { can_store(process) -> put(process, to, what) }
}

inline fence(process) {
    drained(process)
}

#if DEPTH > 0
#define word(n) stores[process].word[n]
#define value(n) stores[process].value[n]
#define overtakes(second, first) (word(second) < RELEASE && word(second) != (word(first) & 15))

inline leave(first) {
    reach_memory((word(first) & 15), value(first));
    stores[process].count--;
    at = first;
    do
    :: at < stores[process].count ->
        word(at) = word(at + 1);
        value(at) = value(at + 1);
        at++
    :: else -> break
    od;
    word(at) = 0;
    value(at) = 0;
    at = 0
}

proctype Memory(byte process) {
    byte at;
end:
    do
    :: d_step { stores[process].count > 0 -> leave(0) }
#ifdef REORDER
#if DEPTH > 1
    :: d_step { stores[process].count > 1 && overtakes(1, 0) -> leave(1) }
#endif
#if DEPTH > 2
    :: d_step { stores[process].count > 2 && overtakes(2, 1) && overtakes(2, 0) -> leave(2) }
#endif
#endif
    od
}
#endif

/* The kernel compares and queues under one lock; entering it is a full fence. */
inline futex_wait(process, on) {
    atomic {
        drained(process);
        asleep[process] = (memory[on] == 1)
    };
#ifdef WITNESS
    slept[process] = slept[process] || asleep[process];
#endif
#ifdef TIMEOUT
    asleep[process] = false
#else
    !asleep[process]
#endif
}

inline futex_wake(process, peer) {
    atomic { drained(process) -> asleep[peer] = false }
}

inline clear_and_wake(process, on, peer) {
#ifdef CLEAR_AFTER_WAKE
    futex_wake(process, peer);
    store(process, on, 0)
#else
#ifndef WAKE_WITHOUT_CLEARING
#ifdef RELEASING_CLEAR
    store(process, on + RELEASE, 0);
#else
    store(process, on, 0);
#endif
#endif
    futex_wake(process, peer)
#endif
}

#ifdef IGNORE_SOCKET
#define socket_at_end false
#else
#define socket_at_end closed
#endif

/* An end that has let go does not go to sleep. */
#ifdef NO_LOOK_AT_OWN_CLOSE
#define has_let_go(process) false
#else
#define has_let_go(process) (leaver == process)
#endif
#ifdef LOOK_AT_SOCKET
#define no_sleep(process) (has_let_go(process) || (closed && leaver != process))
#else
#define no_sleep(process) has_let_go(process)
#endif

#define room(consumed) (need <= RING - modulo(head - (consumed)))

proctype Writer() {
    byte consumed, value, unit;
    bool more, later;
    {
        skip; /* a block may not begin with a label */
next:
        atomic {
            if
            :: leaver == WRITER -> goto finished
#ifndef FEW
            :: leaver != WRITER && !later -> need = 1
            :: leaver != WRITER && !later -> need = 2
#endif
            :: leaver != WRITER && !later -> need = 3
            :: leaver != WRITER && !later -> need = 2; more = true
            :: leaver != WRITER && later -> need = 2
#ifdef ENDS
            :: leaver != WRITER && !later -> goto end_of_stream
#endif
            fi
        }
#ifndef TIMEOUT
        /* A writer that has nothing to write until everything is read and the reader sleeps: what a lost wake-up
           leaves behind is not put right by the next record, and is a deadlock here. */
        if
        :: skip
        :: idle = true;
            if
            :: asleep[READER] && tail == head -> idle = false
            :: over[READER] || closed -> goto finished
            fi
        fi;
#endif

        /* 1: the copy will do while it says that there is room. Looks that show nothing change nothing, so that one is
           as good as the many of "a short bounded time". */
        if
        :: room(consumed) -> goto write
        :: else
        fi;
        load(CONSUMED, consumed);
wait_for_space:
        assert(modulo(head - consumed) <= RING);
        if
        :: room(consumed) -> goto write
        :: else
        fi;
        store(WRITER, SPACE_WAIT, 1);
#ifndef NO_WAITING_WRITER_FENCE
        fence(WRITER);
#endif
#ifndef NO_SECOND_LOOK_FOR_SPACE
        load(CONSUMED, consumed);
        if
        :: room(consumed) ->
            store(WRITER, SPACE_WAIT, 0);
            goto write
        :: else
        fi;
#endif
        if
        :: no_sleep(WRITER) -> goto after_sleep
        :: else
        fi;
        futex_wait(WRITER, SPACE_WAIT);
after_sleep:
        store(WRITER, SPACE_WAIT, 0);
        load(CONSUMED, consumed);
        if
        :: room(consumed) -> goto write
        :: else
        fi;
        if
        :: leaver == WRITER -> goto finished
        :: leaver != WRITER && !socket_at_end -> goto wait_for_space
        :: else
        fi;
        load(CONSUMED, consumed);
        if
        :: room(consumed) -> goto write
        :: else -> goto finished
        fi;

write: /* 2 */
#ifdef PUBLISH_FIRST
        store(WRITER, PUBLISHED + RELEASE, modulo(head + need));
#endif
        do
        :: unit < need ->
            d_step {
                can_store(WRITER);
                if
                :: unit == 0 -> value = header(head, need, more, later)
                :: else -> value = modulo(head + unit)
                fi;
                put(WRITER, (head + unit) % RING, value);
                value = 0;
                unit++
            }
        :: else -> break
        od;
        atomic { /* 3 */
            can_store(WRITER);
            head = modulo(head + need);
#ifndef PUBLISH_FIRST
#ifdef PUBLISH_RELAXED
            put(WRITER, PUBLISHED, head);
#else
            put(WRITER, PUBLISHED + RELEASE, head);
#endif
#endif
            unit = 0;
            need = 0;
            later = more;
            more = false
        };
        /* 4 */
#ifdef WAKE_ALWAYS
        clear_and_wake(WRITER, DATA_WAIT, READER);
#else
#ifndef NO_WRITER_FENCE
        fence(WRITER);
#endif
        load(DATA_WAIT, value);
        if
        :: value != 0 ->
            value = 0;
            clear_and_wake(WRITER, DATA_WAIT, READER)
        :: else
        fi;
#endif
        goto next;

end_of_stream:
        store(WRITER, ENDED + RELEASE, 1);
#ifndef NO_ENDING_FENCE
        fence(WRITER);
#endif
        load(DATA_WAIT, value);
        if
        :: value != 0 -> clear_and_wake(WRITER, DATA_WAIT, READER)
        :: else
        fi;
finished:
        over[WRITER] = true
    } unless {
        victim == WRITER
    };
    d_step {
        over[WRITER] = true;
        asleep[WRITER] = false;
        consumed = 0; value = 0; unit = 0; more = 0; later = 0
    }
}

/* The writer sleeps for want of space, has nothing to write, or is gone. */
#define writer_rests ((asleep[WRITER] && !room(memory[CONSUMED])) || idle || over[WRITER])

inline give_back() {
    atomic {
        can_store(READER);
        /* A record is used in place until it is given back. */
        unit = given;
        do
        :: unit != tail ->
            assert((memory[unit % RING] & 7) == unit);
            unit = modulo(unit + 1)
        :: else -> break
        od;
        unit = 0;
        given = tail;
        put(READER, CONSUMED + RELEASE, tail)
    };
    look_for_sleeping_writer()
}

inline look_for_sleeping_writer() {
#ifdef WAKE_ALWAYS
    clear_and_wake(READER, SPACE_WAIT, WRITER)
#else
#ifndef NO_READER_FENCE
    fence(READER);
#endif
    load(SPACE_WAIT, value);
    if
    :: value != 0 ->
        value = 0;
        clear_and_wake(READER, SPACE_WAIT, WRITER)
    :: else
    fi
#endif
}

proctype Reader() {
    byte published, given, value, unit, units;
    bool later;
    {
        skip; /* a block may not begin with a label */
next:
        if
        :: leaver == READER -> goto finished
        :: leaver != READER && published != tail -> goto read
        :: else
        fi;
        load(PUBLISHED, published);
        assert(modulo(published - tail) <= RING);
        if
        :: published != tail -> goto read
        :: else
        fi;
#ifndef HOLD_WHILE_WAITING
        if
        :: given != tail -> give_back()
        :: else
        fi;
#endif

wait_for_data:
        store(READER, DATA_WAIT, 1);
#ifndef NO_WAITING_READER_FENCE
        fence(READER);
#endif
#ifndef NO_SECOND_LOOK_FOR_DATA
#ifndef NO_LOOK_AT_END
        load(ENDED, value);
#endif
        load(PUBLISHED, published);
        if
        :: published != tail ->
            value = 0;
            store(READER, DATA_WAIT, 0);
            goto read
        :: published == tail && value != 0 ->
            store(READER, DATA_WAIT, 0);
            goto at_end
        :: else
        fi;
#endif
        if
        :: no_sleep(READER) -> goto after_sleep
        :: else
        fi;
        futex_wait(READER, DATA_WAIT);
after_sleep:
        store(READER, DATA_WAIT, 0);
#ifdef END_AFTER_DATA
        load(PUBLISHED, published);
        load(ENDED, value);
#else
        load(ENDED, value);
        load(PUBLISHED, published);
#endif
        if
        :: published != tail -> value = 0; goto read
        :: published == tail && value != 0 -> goto at_end
        :: else
        fi;
        if
        :: leaver == READER -> goto finished
        :: leaver != READER && !socket_at_end -> goto wait_for_data
        :: else
        fi;
#ifndef NO_LAST_LOOK
        load(PUBLISHED, published);
        if
        :: published != tail -> goto read
        :: else
        fi;
#endif
at_end:
        /* Of a stream that ended nothing is missing, of a dead writer's what it had published. Who lets go while it
           publishes has not said whether that is to be seen. */
        assert(value == 0 || leaver == WRITER || (tail == head && !later));
        assert(victim != WRITER || tail == memory[PUBLISHED]);
        goto finished;

read:
        assert(modulo(published - tail) <= RING);
        load(tail % RING, value);
        d_step {
            units = (value >> 3) & 3;
            assert(value == header(tail, units, (value >> 5) & 1, later));
            assert(units >= 1 && units <= modulo(published - tail));
            later = (value >> 5) & 1;
            value = 0;
            unit = 1
        };
#ifdef GIVE_BACK_FIRST
        d_step {
            can_store(READER);
            given = modulo(tail + units);
            put(READER, CONSUMED + RELEASE, given)
        };
        look_for_sleeping_writer();
#endif
        do
        :: unit < units ->
            d_step {
                assert(memory[(tail + unit) % RING] == modulo(tail + unit));
                unit++
            }
        :: else -> break
        od;
        atomic {
            tail = modulo(tail + units);
            unit = 0;
            units = 0
        };
progress_read:
        if
#ifndef FEW
        :: skip /* more records are given back with this one, later */
#endif
        :: given != tail -> give_back();
#ifndef TIMEOUT
            /* A reader that takes its time: what a lost wake-up leaves behind is not put right by giving back more. */
            if
            :: skip
            :: writer_rests
            fi
#endif
        fi;
        goto next;

finished:
#ifdef WITNESS
        assert(!(slept[WRITER] && slept[READER] && victim == NOBODY && !closed && tail < 3));
#endif
        over[READER] = true
    } unless {
        victim == READER
    };
    d_step {
        over[READER] = true;
        asleep[READER] = false;
        published = 0; given = 0; value = 0; unit = 0; units = 0; later = 0
    }
}

#if defined(WRITER_CLOSES) || defined(READER_CLOSES)
#define CLOSES
#endif

#if defined(DEATHS) || defined(CLOSES)
proctype Fate() {
    if
    :: skip
#ifdef DEATHS
    :: victim = WRITER
    :: victim = READER
#endif
#ifdef WRITER_CLOSES
    :: leaver = WRITER
#endif
#ifdef READER_CLOSES
    :: leaver = READER
#endif
    fi;
    if
    :: victim != NOBODY ->
        /* The kernel closes a dead process's socket after all that the process stored. */
        over[victim] && drained(victim) -> closed = true
    :: leaver != NOBODY ->
        closed = true;
#ifndef CLOSE_WITHOUT_END
        if
        :: leaver == WRITER -> memory[ENDED] = 1
        :: else /* the end of the other ring */
        fi;
#endif
#ifndef CLOSE_WITHOUT_CLEARING
        memory[DATA_WAIT] = 0;
#endif
        asleep[READER] = false;
#ifndef CLOSE_WITHOUT_CLEARING
        memory[SPACE_WAIT] = 0;
#endif
        asleep[WRITER] = false
    :: else
    fi
}
#endif

init {
    atomic {
        memory[0] = NOTHING; memory[1] = NOTHING; memory[2] = NOTHING; memory[3] = NOTHING;
        run Writer();
        run Reader();
#if DEPTH > 0
        run Memory(WRITER);
        run Memory(READER);
#endif
#if defined(DEATHS) || defined(CLOSES)
        run Fate();
#endif
    }
}

#ifdef SURVIVOR
ltl survivor { [] (closed -> <> (over[WRITER] && over[READER])) }
#endif
