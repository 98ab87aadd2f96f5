"""Exception hierarchy: every error that the package raises itself, and the module that defines it.

RenrakuchoError
    NotFound (LookupError)
        NoAddress                 delivery.address_verification
        NoInvitation              provider.staff_invitation
        NoSuchBook                mover.book
        NoSuchCode                notice.answer_code
        NoSuchFeed                mover.calendar_feed
        NoSuchKeyLink             mail.book_login
        NoSuchReturnLink          receipt.return_link
        NoSuchSheet               notice.connected_providers
        NotConnected              channel.connection
        NothingToConfirm          notice.destination
        UnknownFact               fact.catalogue
        UnknownMunicipality       address.place
        UnknownTown               address.place
    InvalidInput (ValueError)
        AmbiguousJson             lib.strict_json
        BadConnections            channel.connection
        BadCsv                    lib.csv_file
        BadDecision               notice.operator_acts
        BadDirectory              coverage.edition_loader
        BadFaxLine                channel.fax.fax_line
        BadListing                relay.listing_sync
        BadPhone                  lib.phone
        BadPhrase                 sheet.phrase
        BadPort                   config.run.processes
        BadPostalCode             address.place_lookup
        BadProvider               provider.folder
        BadReceipt                relay.receipt_pull
        BadSheet                  sheet.toml_keys
        BadTable                  coverage.table_reader
        BadTaskRules              timeline.task_rules
        BadWebhookSecret          channel.webhook.webhook_signing
        CannotPrint               paper.printed_page
        CannotSay                 sheet.fill
        EmptyHold                 receipt.held_notices
        LoginRejected             lib.oidc.oidc_issuer
        NotADisclosure            standard.disclosure_check
        NotInspected              notice.form_inspection_run
        NoticeRejected            relay.notice_intake
            TooLate               relay.notice_intake
        PasskeyRefused            provider.passkey
        PlaceError                address.place_query
        QueryError                faces.directory.query_problems
        UnencodableText           lib.browser_encoding
        UnknownCursor             receipt.event_feed
        UnreadableDocument        standard.document_check
        WrongCode                 delivery.address_verification
        WrongMailboxCode          mail.mailbox_proof
        WrongTable                address.written.address_table
    Conflict
        AnswerCodeExpired         receipt.answer_by_code
        AppendOnly                lib.errors
        CannotSwitch              delivery.operator_resend
        CannotTry                 delivery.trial_notice
        CapReached                notice.notice_caps
        ChangedVersion            notice.sheet_versions
        CheckMissing              receipt.provider_answer
        DifferentFileExists       channel.files.exchange_folder
        HandoffPaused             receipt.mover_actions
        HolderHasAnswered         receipt.holder_confirmation
        InvalidTransition         receipt.transitions
        KeptConfidential          notice.confidential_notice
        LastAdministrator         provider.staff_administration
        MailboxNotProved          notice.outgoing_gate
        MoversOwnMailbox          receipt.holder_confirmation
        NoLocalPassword           provider.single_sign_on
        OpeningRefused            receipt.bureau_opening
        OutsideWindow             notice.notice_form
        SamePerson                notice.destination
        SignOnTaken               provider.single_sign_on
        TooManyKeys               provider.system_key
    Unreachable
        NoResponse
            NoHttpResponse        lib.safe_http
            NoPeerResponse        channel.relay.peer_client
            NoSiteResponse        channel.weblink.inspection.site_browser
        IssuerUnusable            lib.oidc.oidc_issuer
        NotSent                   lib.safe_http
            BadTarget             lib.safe_http
    NotInstalled (RuntimeError)
        NoDirectory               address.edition_cache
        NoFont                    paper.printed_page
        PeriodKeysLost            mover.period_key_rotation
        WrongMasterKey            mover.master_key_check
    ApiProblem                    faces.api.problem_details
    SealBroken                    lib.sealing
        PeriodKeyLost             lib.period_keyring
"""


class RenrakuchoError(Exception):
    """Base class of every error that the package raises itself."""


class NotFound(RenrakuchoError, LookupError):
    """Nothing is stored under the name, the code or the link that was given."""


class InvalidInput(RenrakuchoError, ValueError):
    """A typed text, a file or a document is not as it has to be."""


class Conflict(RenrakuchoError):
    """The request is well formed, and the present state or a rule does not allow it."""


class AppendOnly(Conflict):
    """A row of an append-only table was about to be changed or deleted."""


class Unreachable(RenrakuchoError):
    """Another machine could not be asked, or its answer cannot be used."""


class NoResponse(Unreachable):
    """There is no answer that can be used. The request may have arrived."""


class NotInstalled(RenrakuchoError, RuntimeError):
    """The installation lacks something that its operator has to load or install."""
