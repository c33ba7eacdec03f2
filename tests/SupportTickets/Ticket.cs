using MLBuild.Learning.Rows;

namespace SupportTickets;

/// <summary>One ticket, as the help desk exports it. Times are local without a zone.</summary>
public sealed record Ticket
{
    [Column("id")]
    public string Id { get; set; } = "";

    [Column("opened_at")]
    public DateTime OpenedAt { get; set; }

    /// <summary>When the export last saw it change: a ticket that was moved is exported again.</summary>
    [Column("changed_at")]
    public DateTime ChangedAt { get; set; }

    [Column("customer")]
    public long Customer { get; set; }

    /// <summary>mail, chat, phone or web.</summary>
    [Column("channel")]
    public string Channel { get; set; } = "";

    [Column("text")]
    public string Text { get; set; } = "";

    /// <summary>Who answered it.</summary>
    [Column("queue")]
    public string? Queue { get; set; }
}

/// <summary>One customer, as the shop's database has it.</summary>
public sealed record Customer
{
    [Column("id")]
    public long Id { get; set; }

    /// <summary>free, team or enterprise.</summary>
    [Column("plan")]
    public string Plan { get; set; } = "";

    [Column("country")]
    public string Country { get; set; } = "";

    [Column("since")]
    public DateTime Since { get; set; }
}

/// <summary>A ticket with its customer: what the model learns from. Without one, what is the customer's is
/// null.</summary>
public sealed record CustomerTicket
{
    [Column("id")]
    public string Id { get; set; } = "";

    [Column("opened_at")]
    public DateTime OpenedAt { get; set; }

    [Column("channel")]
    public string Channel { get; set; } = "";

    [Column("text")]
    public string Text { get; set; } = "";

    [Column("plan")]
    public string? Plan { get; set; }

    [Column("country")]
    public string? Country { get; set; }

    [Column("customer_since")]
    public DateTime? CustomerSince { get; set; }

    [Column("queue")]
    public string? Queue { get; set; }
}
