/// The tasks of a plan by id, each once however many look them up: plans have thousands.
struct TaskTable: Sendable {
    private let tasks: [ImageTask]
    private let places: [ImageTaskID: Int]

    init(_ tasks: [ImageTask]) {
        self.tasks = tasks
        places = Dictionary(tasks.enumerated().map { ($1.id, $0) }) { first, _ in first }
    }

    /// A task, and its place in the plan from 1.
    subscript(id: ImageTaskID) -> (task: ImageTask, number: Int)? {
        places[id].map { (tasks[$0], $0 + 1) }
    }
}
