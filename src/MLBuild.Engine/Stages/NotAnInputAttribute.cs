namespace MLBuild.Engine.Stages;

/// <summary>A member of options that is not in the recipe: it says where something is or how long to wait, and what is
/// read there is told apart by other members. Another value reruns nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAnInputAttribute : Attribute;
