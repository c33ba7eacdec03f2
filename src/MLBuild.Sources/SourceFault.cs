namespace MLBuild.Sources;

/// <summary>A source gave no data, or data that cannot be used. Which of these it is says who can mend it. No message
/// holds a secret.</summary>
public abstract class SourceFaultException : Exception
{
    /// <summary>Said of faults that may not be there a moment later.</summary>
    internal const string MayPass = "This may pass: run the same command again, or give the stage Retries.";

    private protected SourceFaultException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>Nothing answers there, or not in time: a name that does not resolve, a closed port, a certificate that is
/// not trusted, a server that fails again and again.</summary>
public sealed class UnreachableSourceException(string message, Exception? inner = null)
    : SourceFaultException(message, inner);

/// <summary>The source answers and refuses: a wrong or missing secret, or a right that its owner does not
/// have.</summary>
public sealed class DeniedSourceException(string message, Exception? inner = null)
    : SourceFaultException(message, inner);

/// <summary>The source has another shape than was declared: a table, column, type or answer that is not as
/// expected.</summary>
public sealed class SourceSchemaException(string message, Exception? inner = null)
    : SourceFaultException(message, inner);

/// <summary>A key that the source promised to have once is there more than once.</summary>
public sealed class DuplicateRowsException(string message, Exception? inner = null)
    : SourceFaultException(message, inner);

/// <summary>What was there is no longer: rows or events that retention removed, a file that was replaced while it was
/// read.</summary>
public sealed class LostSourceDataException(string message, Exception? inner = null)
    : SourceFaultException(message, inner);
