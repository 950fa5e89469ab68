import Koji
import Testing

/// Answers in the shapes that real hubs give, with what is taken from them. Names of fields as the hub spells them.
@Suite("What the hub's answers mean")
struct AnswerTests {
    private static let url = "https://hub.example.org/kojihub"

    private static func object(_ members: KeyValuePairs<String, XMLRPCValue>) -> XMLRPCValue {
        .object(Dictionary(members.map { ($0.key, $0.value) }) { $1 })
    }

    private static func asked<Answer>(
        _ query: HubQuery<Answer>, _ method: String, _ args: [XMLRPCValue] = [],
        _ keywords: [String: XMLRPCValue] = [:], answer: XMLRPCValue
    ) throws -> Answer {
        #expect(query.call == XMLRPCCall(method: method, args: args, keywords: keywords))
        return try query.answer(of: answer, url: url)
    }

    @Test("users: principals of newer hubs and of old ones, blocked ones, nobody")
    func users() throws {
        let user = Self.object([
            "id": .int(2), "name": .string("imguser"), "status": .int(0), "usertype": .int(0), "authtype": .int(3),
            "krb_principal": .string("a@B"), "krb_principals": .array([.string("a@B"), .string("c@B")]),
        ])
        #expect(
            try Self.asked(.loggedInUser, "getLoggedInUser", answer: user)
                == KojiUser(id: 2, name: "imguser", principals: ["a@B", "c@B"], loginKind: 3))
        let old = Self.object([
            "id": .int(3), "name": .string("x"), "status": .int(1), "krb_principal": .string("x@B"),
        ])
        #expect(
            try Self.asked(.user("x"), "getUser", [.string("x")], answer: old)
                == KojiUser(id: 3, name: "x", isBlocked: true, principals: ["x@B"]))
        #expect(try Self.asked(.user("y"), "getUser", [.string("y")], answer: .null) == nil)
        let none = Self.object(["id": .int(4), "name": .string("z"), "krb_principal": .null])
        #expect(try Self.asked(.user("z"), "getUser", [.string("z")], answer: none)?.principals == [])
    }

    @Test("permissions")
    func permissions() throws {
        #expect(
            try Self.asked(.permissions, "getPerms", answer: .array([.string("image"), .string("repo")]))
                == ["image", "repo"])
        #expect(try Self.asked(.permission("image"), "hasPerm", [.string("image")], answer: .bool(true)))
    }

    @Test("a build target, and one that is not there")
    func target() throws {
        let answer = Self.object([
            "build_tag": .int(2), "build_tag_name": .string("f43-image-builder-build"), "dest_tag": .int(1),
            "dest_tag_name": .string("f43"), "id": .int(7), "name": .string("f43-image-builder"),
        ])
        let target = try #require(
            try Self.asked(.buildTarget("t"), "getBuildTarget", [.string("t")], answer: answer))
        #expect(target.id == 7 && target.name == "f43-image-builder")
        #expect(target.buildTag == "f43-image-builder-build" && target.buildTagID == 2)
        #expect(target.destTag == "f43" && target.destTagID == 1)
        #expect(try Self.asked(.buildTarget("t"), "getBuildTarget", [.string("t")], answer: .null) == nil)
        #expect(try Self.asked(.buildTargets, "getBuildTargets", answer: .array([answer, answer])).count == 2)
    }

    private static func tag(_ arches: XMLRPCValue, _ extra: XMLRPCValue, locked: Bool = false) -> XMLRPCValue {
        object([
            "id": .int(2), "name": .string("t"), "arches": arches, "locked": .bool(locked), "perm": .null,
            "perm_id": .null, "extra": extra, "maven_support": .bool(false),
        ])
    }

    @Test(
        "mock.new_chroot is off, on, or not set",
        arguments: [
            (.object([:]), nil), (.object(["mock.new_chroot": .int(0)]), false),
            (.object(["mock.new_chroot": .int(1)]), true), (.object(["mock.new_chroot": .bool(false)]), false),
            (.object(["mock.new_chroot": .string("1")]), true), (.object(["mock.new_chroot": .null]), nil),
            (.null, nil),
        ] as [(XMLRPCValue, Bool?)])
    func newChroot(extra: XMLRPCValue, expected: Bool?) throws {
        let answer = Self.tag(.string("x86_64"), extra)
        #expect(
            try Self.asked(.buildConfig(tag: "t"), "getBuildConfig", [.string("t")], answer: answer).newChroot
                == expected)
    }

    @Test("the arches of a tag are words; none are nil or empty")
    func arches() throws {
        for (text, arches) in [
            (.string("x86_64 aarch64"), ["x86_64", "aarch64"]), (.string(" s390x  ppc64le "), ["s390x", "ppc64le"]),
            (.string(""), []), (.null, []),
        ] as [(XMLRPCValue, [String])] {
            let answer = Self.tag(text, .object(["rpm.macro.dist": .string(".fc43")]), locked: true)
            let tag = try #require(try Self.asked(.tag("t"), "getTag", [.string("t")], answer: answer))
            #expect(tag.arches == arches)
            #expect(tag.isLocked && tag.permission == nil && tag.extra["rpm.macro.dist"] == .string(".fc43"))
        }
        #expect(try Self.asked(.tag("t"), "getTag", [.string("t")], answer: .null) == nil)
    }

    @Test("a repo of a new hub, of one before 1.35, and none")
    func repo() throws {
        let old = Self.object([
            "id": .int(9), "state": .int(1), "create_event": .int(34), "create_ts": .double(1.5), "dist": .bool(false),
            "creation_time": .string("2026-11-22 21:44:25"), "task_id": .int(4),
        ])
        let repo = try #require(try Self.asked(.repo(tag: "t"), "getRepo", [.string("t")], answer: old))
        #expect(repo.id == 9 && repo.state == .ready && repo.createEvent == 34 && repo.created == 1.5)
        #expect(!repo.isDist && repo.task == TaskID(4) && repo.tag == nil)
        guard case .object(var members) = old else { return }
        members.merge(["tag_name": .string("t"), "state": .int(77), "task_id": .null]) { $1 }
        let new = try Self.asked(.repo(tag: "t"), "getRepo", [.string("t")], answer: .object(members))
        #expect(new?.tag == "t" && new?.state == nil && new?.task == nil)
        #expect(try Self.asked(.repo(tag: "t"), "getRepo", [.string("t")], answer: .null) == nil)
    }

    @Test("groups with and without their packages")
    func groups() throws {
        let package = Self.object([
            "package": .string("image-builder"), "type": .string("mandatory"), "blocked": .bool(false),
        ])
        let group = Self.object([
            "name": .string("image-builder-build"), "blocked": .bool(false), "packagelist": .array([package]),
            "grouplist": .array([]),
        ])
        let groups = try Self.asked(.tagGroups(tag: "t"), "getTagGroups", [.string("t")], answer: .array([group]))
        #expect(groups.map(\.name) == ["image-builder-build"])
        #expect(groups.first?.packages.map(\.name) == ["image-builder"])
        let bare = Self.object(["name": .string("build"), "blocked": .bool(true)])
        let short = try Self.asked(
            .tagGroups(tag: "t", packages: false), "getTagGroups", [.string("t")],
            ["incl_pkgs": .bool(false), "incl_reqs": .bool(false)], answer: .array([bare]))
        #expect(short.first?.isBlocked == true && short.first?.packages.isEmpty == true)
    }

    @Test("an entry of a package list, blocked or not, or none")
    func package() throws {
        let answer = Self.object([
            "package_id": .int(2), "package_name": .string("Fedora-IoT"), "tag_name": .string("f44"),
            "tag_id": .int(4), "blocked": .bool(true), "owner_name": .string("imguser"), "extra_arches": .null,
        ])
        let query = HubQuery.packageConfig(tag: "f44", package: "Fedora-IoT")
        let args: [XMLRPCValue] = [.string("f44"), .string("Fedora-IoT")]
        let entry = try #require(try Self.asked(query, "getPackageConfig", args, answer: answer))
        #expect(entry.name == "Fedora-IoT" && entry.tag == "f44" && entry.isBlocked && entry.owner == "imguser")
        #expect(entry.extraArches.isEmpty)
        #expect(try Self.asked(query, "getPackageConfig", args, answer: .null) == nil)
        let list = try Self.asked(
            .packages(tag: "f44"), "listPackages", [], ["tagID": .string("f44"), "inherited": .bool(true)],
            answer: .array([answer]))
        #expect(list == [entry])
    }

    @Test("hosts by name with when they spoke last; a channel")
    func hosts() throws {
        func host(_ name: String, _ seen: XMLRPCValue) -> XMLRPCValue {
            Self.object([
                "id": .int(1), "name": .string(name), "arches": .string("x86_64 aarch64"), "enabled": .bool(true),
                "ready": .bool(false), "capacity": .double(50), "task_load": .double(0.5), "comment": .null,
                "description": .string("d"), "update_ts": seen, "user_id": .int(6),
            ])
        }
        let hosts = try Self.asked(
            .hosts(channel: "image", arch: "x86_64"), "listHosts", [],
            ["channelID": .string("image"), "arches": .array([.string("x86_64")]), "enabled": .bool(true)],
            answer: .array([host("b", .double(7.5)), host("a", .null)]))
        #expect(hosts.map(\.name) == ["a", "b"])
        #expect(hosts.map(\.lastSeen) == [nil, 7.5])
        #expect(hosts.allSatisfy { $0.isEnabled && !$0.isReady && $0.arches == ["x86_64", "aarch64"] })
        #expect(hosts.first?.capacity == 50 && hosts.first?.load == 0.5)
        let ready = HubQuery.hosts(channel: "image", arches: nil, enabled: nil, ready: true)
        #expect(ready.call.arguments.keywords == ["channelID": .string("image"), "ready": .bool(true)])

        let channel = Self.object([
            "id": .int(7), "name": .string("image"), "enabled": .bool(false), "comment": .string("moved"),
            "description": .null,
        ])
        let info = try Self.asked(.channel("image"), "getChannel", [.string("image")], answer: channel)
        #expect(info?.isEnabled == false && info?.comment == "moved" && info?.id == 7)
        #expect(try Self.asked(.host(1), "getHost", [.int(1)], answer: .null) == nil)
    }
}
