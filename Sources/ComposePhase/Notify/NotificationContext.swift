import ProductMD
package import PungiConfig

/// The keys that every notification of a compose has.
///
/// As Pungi: an event's own key of the same name wins, but for the base product's.
package struct NotificationContext: Sendable, Hashable {
    private let keys: [String: JSONValue]
    private let baseProduct: [String: JSONValue]
    /// Whether STATUS is ours, so that its changes are ours to tell.
    private let isOurs: Bool

    /// - Parameter isOurs: whether this program made the compose, and not Pungi.
    package init(settings: ComposeSettings, compose: ComposeIdentity, layout: ComposeLayout, isOurs: Bool) {
        self.isOurs = isOurs
        keys = [
            "compose_id": .string(compose.id),
            // As Pungi: of the tree's `compose`, not of its top.
            "location": .string(PathTranslation(settings.translatePaths)(layout.path("compose"))),
            "compose_date": .string(compose.date),
            "compose_type": .string(compose.type.rawValue),
            "compose_respin": .int(compose.respin),
            "compose_label": compose.label.map { .string($0.description) } ?? .null,
            "compose_path": .string(layout.top),
            "release_short": .string(settings.releaseShort.value),
            "release_name": .string(settings.releaseName.value),
            "release_version": .string(settings.releaseVersion.value),
            "release_type": .string(settings.releaseType.lowercased()),
            "release_is_layered": false,
        ]
        baseProduct =
            settings.baseProduct.map {
                [
                    "release_is_layered": true,
                    "base_product_name": .string($0.name),
                    "base_product_version": .string($0.version),
                    "base_product_short": .string($0.short),
                    "base_product_type": .string($0.type.lowercased()),
                ]
            } ?? [:]
    }

    /// Pungi's `status-change`; nil where Pungi made the compose, because its status is Pungi's to tell.
    package func statusChange(_ status: ComposeStatus) -> Notification? {
        isOurs ? Notification("status-change", ["status": .string(status.rawValue)]) : nil
    }

    /// The object that a script reads: one line of JSON.
    ///
    /// - Parameter context: nil where there is no compose yet, as with `fail-to-start`.
    package static func input(for notification: Notification, in context: NotificationContext?) -> [UInt8] {
        var object = context?.keys ?? [:]
        object.merge(notification.data) { $1 }
        object.merge(context?.baseProduct ?? [:]) { $1 }
        return JSONWriter.line(.object(object))
    }
}

extension ComposeLayout {
    /// What notification scripts printed.
    package static let notificationLogs = "logs/global/notifications"
}
