import Koji
import Testing

@testable import ComposePhase

@Suite("The mailbox of the schedule")
struct MailboxTests {
    static func letter(_ number: Int) -> Mailbox.Letter {
        .init(event: .resumed(by: "\(number)"), taken: nil)
    }

    @Test("what came since is taken together, in its order, and the bell rings once for it")
    func together() async {
        let mailbox = Mailbox()
        for number in 1...3 { mailbox.put(Self.letter(number)) }
        var bells = mailbox.arrivals.makeAsyncIterator()
        #expect(await bells.next() != nil)
        #expect(mailbox.empty().map(\.event) == (1...3).map { Self.letter($0).event })
        #expect(mailbox.empty().isEmpty)
        mailbox.put(Self.letter(4))
        mailbox.close()
        #expect(await bells.next() != nil)
        #expect(await bells.next() == nil, "closed, so there is no third time")
    }

    @Test("a closed mailbox takes nothing, and nobody waits for it for ever")
    func closed() async {
        let mailbox = Mailbox()
        await withCheckedContinuation { taken in
            mailbox.put(.init(event: .ended, taken: taken))
            mailbox.close()
        }
        #expect(mailbox.empty().isEmpty, "what came too late is no event")
        #expect(!mailbox.put(Self.letter(1)))
        mailbox.close()
    }

    @Test("letters of many senders all arrive, each sender's in order")
    func manySenders() async {
        let mailbox = Mailbox()
        let reader = Task {
            var taken: [ScheduleEvent] = []
            for await _ in mailbox.arrivals {
                taken += mailbox.empty().map(\.event)
                if taken.count == 800 { break }
            }
            return taken
        }
        await withTaskGroup(of: Void.self) { group in
            for sender in 0..<8 {
                group.addTask {
                    for number in 0..<100 {
                        mailbox.put(.init(event: .submitted(ImageTaskID("\(sender)"), TaskID(number)), taken: nil))
                    }
                }
            }
        }
        let taken = await reader.value
        for sender in 0..<8 {
            let own = taken.compactMap { event -> Int? in
                guard case .submitted(ImageTaskID("\(sender)"), let number) = event else { return nil }
                return number.number
            }
            #expect(own == Array(0..<100))
        }
    }
}
