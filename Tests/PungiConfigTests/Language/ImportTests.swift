import OrderedCollections
import PungiConfig
import TestSupport
import Testing

struct ImportTests {
    @Test("names come from files beside, below and above; the rest stays out")
    func names() throws {
        let document = try ConfigCase([
            "top/main.conf": "from ../base import a, b # both\nfrom sub/x-y import *\nz = [a b c]\n",
            "base.conf": "a = 1\nb = 2\nhidden = 3\n", "top/sub/x-y.conf": "from ../../leaf import *\n",
            "leaf.conf": "c = 4\n",
        ]).load()
        #expect(Tagged.text(of: document) == "'a' = int(1)\n'b' = int(2)\n'c' = int(4)\n'z' = [int(1), int(2), int(4)]")
        #expect(
            document.openedFiles == [
                "/conf/top/main.conf", "/conf/base.conf", "/conf/top/sub/x-y.conf", "/conf/leaf.conf",
            ])
        #expect(document.definitions["c"]?.file == "/conf/top/sub/../../leaf.conf")
    }

    @Test("an imported file sees only what is global")
    func globals() throws {
        let good = try ConfigCase([
            "main.conf": "global g\ng = 1\nh = 2\nfrom base import *\n",
            "base.conf": "a = g\nglobal k\nk = 5\nfrom sub import *\n", "sub.conf": "b = [g, k]\n",
        ]).load()
        #expect(good["b"]?.description == "[1, 5]")
        let bad = try ConfigCase(["main.conf": "h = 2\nfrom base import *\n", "base.conf": "\na = h\n"]).failure()
        #expect(bad.map(\.code) == ["config.undefined"])
        #expect(bad[0].location == SourceLocation(file: "/conf/base.conf", line: 2, column: 5))
        #expect(bad[0].notes == ["imported at /conf/main.conf:2:1"])
        #expect(bad[0].fix?.contains("global") == true)
    }

    @Test("a circle of imports is named")
    func cycle() throws {
        let found = try ConfigCase([
            "main.conf": "from a import *\n", "a.conf": "\nfrom ./b import *\n", "b.conf": "from a import *\n",
        ]).failure()
        #expect(found.map(\.code) == ["config.import-cycle"])
        #expect(found[0].message.hasSuffix("circle: /conf/a.conf -> /conf/./b.conf -> /conf/./a.conf"))
        #expect(found[0].notes.count == 2)
    }

    @Test("a missing file or name is one error, without a tail of undefined variables")
    func missing() throws {
        let file = try ConfigCase("from nope import *\na = from_nope\nb = [1, 1\n").failure()
        #expect(file.map(\.code) == ["config.import-missing", "config.unclosed"])
        let name = try ConfigCase([
            "main.conf": "from base import releese\na = releese\n", "base.conf": "release = 1\n",
        ]).failure()
        #expect(name.map(\.code) == ["config.import-name"])
        #expect(name[0].fix == "did you mean `release`?")
        #expect(name[0].location?.column == 18)
    }

    @Test("chains and numbers of imports are limited")
    func limits() throws {
        var limits = ConfigLimits.standard
        limits.importDepth = 3
        limits.files = 5
        let chain = ConfigCase([
            "main.conf": "from a import *", "a.conf": "from b import *", "b.conf": "from c import *", "c.conf": "",
        ])
        #expect(try chain.failure(limits: limits).map(\.code) == ["config.too-deep"])
        let many = ConfigCase(["main.conf": String(repeating: "from a import *\n", count: 9), "a.conf": "x = 1\n"])
        #expect(try many.failure(limits: limits).map(\.code) == ["config.too-large"])
        #expect(try many.load()["x"]?.int == 1)
    }

    @Test("a path through a directory that is not there leads nowhere, as on a disk")
    func through() throws {
        let files = { (path: String) in
            ConfigCase(["main.conf": "from \(path) import *\n", "base.conf": "x = 1\n", "sub/more.conf": "y = 1\n"])
        }
        #expect(try files("sub/../base").load()["x"]?.int == 1)
        #expect(try files("../conf/base").load()["x"]?.int == 1)
        #expect(try files("nowhere/../base").failure().map(\.code) == ["config.import-missing"])
        #expect(try files("base/../base").failure().map(\.code) == ["config.import-missing"])
    }

    @Test("a broken imported file tells where it is imported")
    func brokenImport() throws {
        var config = ConfigCase("from base import *\n")
        config.files["base.conf"] = Array("a = '".utf8) + [0xE9] + Array("'\n".utf8)
        let found = try config.failure()
        #expect(found.map(\.code) == ["config.encoding"])
        #expect(found[0].location == SourceLocation(file: "/conf/base.conf", line: 1, column: 6))
        #expect(found[0].notes == ["imported at /conf/main.conf:1:1"])
    }
}
